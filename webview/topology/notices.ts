import type { PictureFacts } from '../../extension/diagram/live.ts';
import type { PictureDocument } from '../protocol.ts';
import { button, element, setText } from '../shared/elements.ts';

/** What the view says in words: why there is nothing to see, what is wrong with the file, what is chosen. */
export class Notices {
  /** Over the stage. */
  readonly cover = element('div', 'cover');
  readonly news = element('div', 'news');
  /** Under the stage. */
  readonly details = element('div', 'details');
  private readonly title = element('h2', '');
  private readonly words = element('p', '');
  private readonly example = element('pre', 'example');
  private readonly detailTitle = element('strong', '');
  private readonly detailWords = element('span', '');

  constructor(openFile: () => void) {
    const open = button({ label: 'Open File', title: 'Show the file that this picture is of', onClick: openFile });
    this.cover.append(this.title, this.words, this.example, open);
    this.cover.hidden = true;
    this.news.role = 'status';
    this.detailTitle.dir = 'auto';
    this.details.append(this.detailTitle, this.detailWords);
  }

  show({ kind, picture, news, name }: PictureDocument): void {
    this.cover.hidden = picture !== undefined;
    setText(this.title, `Nothing to draw in ${name} yet`);
    setText(this.words, news === '' ? 'Write this, and see it appear:' : news);
    setText(this.example, examples[kind]);
    this.news.hidden = news === '' || picture === undefined;
    setText(this.news, news);
  }

  tell(chosen: readonly PictureFacts[], hint: string): void {
    const [first] = chosen;
    const isOne = chosen.length === 1 && first !== undefined;
    setText(this.detailTitle, isOne ? first.title : chosen.length > 1 ? `${chosen.length} selected` : '');
    setText(this.detailWords, isOne ? first.lines.join(' · ') : hint);
  }
}

const examples: Readonly<Record<PictureDocument['kind'], string>> = {
  lab: `switches:
  lan: { network: 192.168.1.0/24 }
vms:
  pc:
    id: 1
    guest: tiny
    nics:
      - { switch: lan, address: 192.168.1.2/24 }`,
  diag: `nwdiag {
  network lan {
    address = "192.168.1.0/24"
    pc [address = "192.168.1.2"]
  }
}`,
};
