import { connectToHost, type Host } from '../host.ts';
import {
  dispatch,
  type DisplayIdentity,
  type DisplayPicture,
  type FromDisplay,
  type Handlers,
  type PasteWay,
  type ToDisplay,
} from '../protocol.ts';
import { element, setText } from '../shared/elements.ts';
import { Screen } from './screen.ts';
import { Toolbar } from './toolbar.ts';
import { typingOf } from './us-keyboard.ts';
import { VncChannel } from './vnc-channel.ts';

/** What the view keeps for itself over reloads. VS Code gives it back to the extension to find the VM again. */
interface ViewState {
  readonly identity?: DisplayIdentity;
  readonly isViewOnly: boolean;
  readonly isScaled: boolean;
}

type DisplayHost = Host<ToDisplay, FromDisplay, ViewState>;

/** The display of one VM: a toolbar, its screen, or the reason why there is none. */
class DisplayView {
  private readonly host: DisplayHost;
  private readonly toolbar: Toolbar;
  private readonly screen: Screen;
  private readonly hint = element('p', 'hint');
  private readonly news = element('p', 'news');
  private readonly start = element('button', 'start');
  private readonly cover = element('div', 'cover');
  private channel: { readonly connection: number; readonly vnc: VncChannel } | undefined;
  private picture: DisplayPicture | undefined;
  private guestText = '';
  private isShown = false;
  private isTyping = false;
  /** Said instead of the hint until something else happens. */
  private remark = '';

  constructor(host: DisplayHost) {
    this.host = host;
    const place = element('div', 'screen');
    this.screen = new Screen(place, {
      shown: () => this.setShown(true),
      ended: reason => this.giveUp(reason),
      copied: text => this.keep(text),
      typing: isTyping => this.setTyping(isTyping),
    });
    this.toolbar = new Toolbar({
      setViewOnly: isViewOnly => this.set({ isViewOnly }),
      setScaled: isScaled => this.set({ isScaled }),
      press: chord => {
        this.screen.press(chord);
        this.screen.focus();
      },
      typeClipboard: () => host.post({ type: 'pasteWanted', way: 'keys' }),
      giveClipboard: () => host.post({ type: 'pasteWanted', way: 'clipboard' }),
      copyFromGuest: () => {
        host.post({ type: 'copy', text: this.guestText });
        this.say('Copied.');
      },
    });
    this.start.addEventListener('click', () => host.post({ type: 'start' }));
    this.hint.role = 'status';
    this.news.role = 'status';
    this.cover.append(this.news, this.start);
    place.append(this.cover);
    this.toolbar.element.append(this.hint);
    document.body.append(this.toolbar.element, place);
    this.set({});
  }

  readonly handlers: Handlers<ToDisplay> = {
    picture: ({ picture }) => {
      this.picture = picture;
      this.host.setState({ identity: picture.identity });
      this.screen.setVm(picture.identity.vm);
      this.draw();
    },
    opened: ({ connection }) => this.connect(connection),
    bytes: ({ connection, bytes }) => {
      if (connection === this.channel?.connection) this.channel.vnc.push(bytes);
    },
    closed: ({ connection }) => {
      if (connection === this.channel?.connection) this.channel.vnc.closedByServer();
    },
    paste: ({ way, text }) => this.paste(way, text),
  };

  private connect(connection: number): void {
    this.setShown(false);
    const vnc = new VncChannel({
      send: bytes => this.host.post({ type: 'bytes', connection, bytes }),
      received: count => this.host.post({ type: 'received', connection, count }),
    });
    this.channel = { connection, vnc };
    this.screen.connect(vnc);
  }

  private setShown(isShown: boolean): void {
    this.isShown = isShown;
    this.remark = '';
    if (!isShown) this.guestText = '';
    if (isShown && this.channel) this.host.post({ type: 'shown', connection: this.channel.connection });
    this.draw();
  }

  private giveUp(reason: string): void {
    if (this.channel) this.host.post({ type: 'failed', connection: this.channel.connection, reason });
    this.channel = undefined;
    this.setShown(false);
  }

  private keep(text: string): void {
    this.guestText = text;
    this.draw();
  }

  private setTyping(isTyping: boolean): void {
    const wasTyping = this.isTyping;
    this.isTyping = isTyping;
    this.remark = '';
    // Whoever took the keyboard back by keys has it on the toolbar; where a click went is the click's business.
    if (wasTyping && !isTyping && this.isShown && document.hasFocus() && document.activeElement === document.body)
      this.toolbar.focus();
    this.draw();
  }

  private set(change: { readonly isViewOnly?: boolean; readonly isScaled?: boolean }): void {
    this.host.setState(change);
    const { isViewOnly, isScaled } = this.host.state;
    this.screen.setViewOnly(isViewOnly);
    this.screen.setScaled(isScaled);
    this.draw();
  }

  private paste(way: PasteWay, text: string): void {
    this.screen.focus();
    if (way === 'clipboard') {
      this.screen.give(text);
      this.say('Given to the guest’s clipboard.');
      return;
    }
    const { strokes, missing } = typingOf(text);
    const leftOut = missing.length === 0 ? '' : ` Left out, not on a US keyboard: ${missing.join(' ')}`;
    this.say(`Typing ${strokes.length} characters; View Only stops it.${leftOut}`);
    void this.screen.type(strokes).then(() => this.say(`Typed.${leftOut}`));
  }

  private say(remark: string): void {
    this.remark = remark;
    this.draw();
  }

  private draw(): void {
    const { isShown, picture } = this;
    const { isViewOnly, isScaled } = this.host.state;
    this.toolbar.show({ isViewOnly, isScaled, isShown, hasGuestText: this.guestText !== '' });
    this.cover.hidden = isShown;
    setText(this.news, isShown ? '' : (picture?.news ?? 'Connecting …'));
    this.start.hidden = isShown || picture?.canStart !== true;
    setText(this.start, `Start ${picture?.identity.vm ?? ''}`);
    setText(this.hint, this.remark || this.keyboardHint(isViewOnly));
  }

  private keyboardHint(isViewOnly: boolean): string {
    const vm = this.picture?.identity.vm ?? 'the VM';
    if (!this.isShown) return '';
    if (isViewOnly) return 'View only';
    return this.isTyping
      ? `Keys go to ${vm}. Ctrl+Alt+Shift takes the keyboard back.`
      : `Click the screen, or Tab to it, to type in ${vm}.`;
  }
}

const host = connectToHost<ToDisplay, FromDisplay, ViewState>({ isViewOnly: false, isScaled: true });
const view = new DisplayView(host);
host.onMessage(message => dispatch(view.handlers, message));
host.post({ type: 'ready' });
