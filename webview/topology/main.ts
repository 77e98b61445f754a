import { connectToHost } from '../host.ts';
import { dispatch, type FromPicture, type ToPicture } from '../protocol.ts';
import { FirstFrame } from './first-frame.ts';
import { PictureView } from './picture-view.ts';
import type { ViewState } from './view-state.ts';

const firstFrame = new FirstFrame();
const host = connectToHost<ToPicture, FromPicture, ViewState>({ selected: [], isReachShown: false, isMapShown: true });
const view = new PictureView(host, () => firstFrame.drawn());
host.onMessage(message => {
  if (message.type === 'picture') firstFrame.heard();
  dispatch(view.handlers, message);
});
host.post({ type: 'ready', mode: host.state.mode });
