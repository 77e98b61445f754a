/** All that is loaded together when images are first looked at. */
export { imageTree } from './image-tree.ts';
export { listImages, sizeWords } from './image-list.ts';
export { usedImages } from './lab-images.ts';
