import { connectToHost } from '../host.ts';
import { dispatch, type CaptureIdentity, type CaptureStatus, type FromPackets, type ToPackets } from '../protocol.ts';
import { showDetail } from './detail.ts';
import { PacketTable } from './rows.ts';

interface State {
  readonly identity: CaptureIdentity | undefined;
}

const host = connectToHost<ToPackets, FromPackets, State>({ identity: undefined });

const element = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  label?: string,
): HTMLElementTagNameMap[Name] => {
  const made = document.createElement(name);
  made.className = className;
  if (label !== undefined) made.setAttribute('aria-label', label);
  return made;
};

const button = (text: string, onClick: () => void): HTMLButtonElement => {
  const made = element('button', 'action');
  made.type = 'button';
  made.textContent = text;
  made.addEventListener('click', onClick);
  return made;
};

const filter = element('input', 'filter', 'Capture filter');
filter.placeholder = 'Capture filter, such as icmp or port 53';
filter.spellcheck = false;
const start = button('Restart', () => host.post({ type: 'start', filter: filter.value }));
const stop = button('Stop', () => host.post({ type: 'stop' }));
const save = button('Save as pcap …', () => host.post({ type: 'save' }));
const followBox = element('input', 'follow');
followBox.type = 'checkbox';
followBox.checked = true;
const follow = element('label', 'follow');
follow.append(followBox, 'Follow');
const status = element('div', 'status');
status.setAttribute('role', 'status');

const toolbar = element('div', 'toolbar', 'Capture');
toolbar.setAttribute('role', 'toolbar');
toolbar.append(filter, start, stop, follow, save, status);

const head = element('div', 'head');
head.setAttribute('aria-hidden', 'true');
for (const [name, text] of [
  ['number', 'No.'],
  ['time', 'Time (s)'],
  ['source', 'Source'],
  ['destination', 'Destination'],
  ['protocol', 'Protocol'],
  ['length', 'Length'],
  ['info', 'Info'],
] as const) {
  const cell = element('span', name);
  cell.textContent = text;
  head.append(cell);
}

const list = element('div', 'list', 'Packets');
list.tabIndex = 0;
list.setAttribute('role', 'listbox');
const layersPane = element('div', 'layers', 'Details of the packet');
layersPane.setAttribute('role', 'region');
const bytesPane = element('div', 'bytes', 'Bytes of the packet');
bytesPane.setAttribute('role', 'region');
bytesPane.tabIndex = 0;
const detail = element('div', 'detail');
detail.hidden = true;
detail.append(layersPane, bytesPane);
document.body.append(toolbar, head, list, detail);

const table = new PacketTable(list, {
  onSelect: row => host.post({ type: 'select', number: row.number }),
  onFollow: isFollowing => {
    followBox.checked = isFollowing;
  },
});
followBox.addEventListener('change', () => {
  table.isFollowing = followBox.checked;
});
filter.addEventListener('keydown', event => {
  if (event.key === 'Enter') start.click();
});

const showStatus = ({ identity, isRunning, words, count, decoder }: CaptureStatus): void => {
  if (host.state.identity?.filter !== identity.filter || host.state.identity.operand !== identity.operand) {
    host.setState({ identity });
    filter.value = identity.filter;
  }
  start.textContent = isRunning ? 'Restart' : 'Start';
  stop.disabled = !isRunning;
  save.disabled = count === 0;
  const packets = `${count} packet${count === 1 ? '' : 's'}`;
  status.textContent = [words, packets, ...(count > 0 ? [`decoded by ${decoder}`] : [])].join(' · ');
  status.title = words;
  status.classList.toggle('is-running', isRunning);
};

host.onMessage(message =>
  dispatch<ToPackets>(
    {
      status: one => showStatus(one.status),
      rows: ({ isFresh, most, rows }) => {
        if (isFresh) {
          table.clear();
          detail.hidden = true;
        }
        table.add(rows, most);
      },
      detail: ({ layers, bytes }) => {
        detail.hidden = false;
        showDetail(layersPane, bytesPane, layers, bytes);
      },
    },
    message,
  ),
);
filter.value = host.state.identity?.filter ?? '';
host.post({ type: 'ready' });
