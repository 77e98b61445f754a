import { connectToHost } from '../host.ts';
import { dispatch, type FromPicture, type ToPicture } from '../protocol.ts';
import { PictureView } from './picture-view.ts';
import type { ViewState } from './view-state.ts';

const host = connectToHost<ToPicture, FromPicture, ViewState>({ selected: [], isReachShown: false, isMapShown: true });
const view = new PictureView(host);
host.onMessage(message => dispatch(view.handlers, message));
host.post({ type: 'ready', mode: host.state.mode });
