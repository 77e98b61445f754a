/**
 * A disk whose boot sector shows each key that is typed on the display, after a first `>`. The cursor is hidden: it would
 * blink, and no two pictures of it would be the same.
 */
export function typewriterDisk(): Uint8Array {
  const code = [
    ...[0xb8, 0x03, 0x00, 0xcd, 0x10], //             mov ax, 3; int 0x10 (text, 80 x 25, cleared)
    ...[0xb4, 0x01, 0xb9, 0x00, 0x20, 0xcd, 0x10], // mov ah, 1; mov cx, 0x2000; int 0x10 (no cursor)
    ...[0xb0, 0x3e], //                               mov al, '>'
    ...[0xb4, 0x0e, 0xbb, 0x07, 0x00, 0xcd, 0x10], // show: mov ah, 0x0e; mov bx, 7; int 0x10
    ...[0xb4, 0x00, 0xcd, 0x16], //                   mov ah, 0; int 0x16 (wait for a key)
    ...[0xeb, 0xf3], //                               jmp show
  ];
  // The firmware does not read from disks of less than a cylinder (16 heads, 63 sectors).
  const disk = new Uint8Array(1024 * 1024);
  disk.set(code);
  disk.set([0x55, 0xaa], 510);
  return disk;
}
