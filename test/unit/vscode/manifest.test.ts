import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { colouredKinds } from '../../../extension/language/colours.ts';
import {
  diagramLanguageId,
  installLanguageId,
  labFilePattern,
  languageId,
  partLanguageId,
  needsTrust,
  refusalOf,
  settingDefaults,
  views,
} from '../../../extension/vscode/commands.ts';

interface MenuItem {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}
interface Manifest {
  readonly publisher: string;
  readonly name: string;
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when?: string }[];
    readonly languages: readonly {
      readonly id: string;
      readonly extensions: readonly string[];
      readonly configuration: string;
      readonly icon: Readonly<Record<string, string>>;
    }[];
    readonly semanticTokenTypes: readonly { readonly id: string }[];
    readonly semanticTokenScopes: readonly { readonly language: string; readonly scopes: Readonly<object> }[];
    readonly grammars: readonly { readonly language: string; readonly path: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly markdown: string };
        readonly completionEvents?: readonly string[];
      }[];
    }[];
  };
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: unknown; readonly restrictedConfigurations: readonly string[] };
    readonly virtualWorkspaces: { readonly supported: unknown };
  };
}

const root = path.resolve(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
const { contributes } = manifest;
const ids = Object.keys(needsTrust).sort();
const menuItems = Object.values(contributes.menus).flat();

/** Set by us: the kind of console that the active terminal shows. */
const consoleKeys = ['kvmlab.activeConsole', 'serial', 'kvmlab.isRecording'];

/** Every value that a row can have; `ContextValue` in runtime/views/tree-node.ts, written out. */
const contextValues = [
  ...['idle', 'partly', 'running'].flatMap(share => [`lab.${share}`, `group.${share}`]),
  'lab.broken',
  'vm.paused',
  ...['stopped', 'starting', 'running', 'stopping', 'failed'].flatMap(kind => [
    `vm.${kind}`,
    `switch.${kind}`,
    `wire.${kind}`,
  ]),
  ...['serial', 'monitor', 'display'].flatMap(kind => [`${kind}.on`, `${kind}.off`]),
  ...['nic.plugged', 'nic.pulled', 'stick.in', 'stick.out'],
  ...['remote', 'fixed', 'qcow2', 'raw', 'under', 'user'].map(kind => `image.${kind}`),
  ...['playing', 'paused', 'over', 'step', 'passed'].map(kind => `install.${kind}`),
  ...['folder', 'nic', 'disk', 'port', 'port.live', 'host.vm.ours', 'host.vm.foreign', 'host.switch', 'host.wire'],
  ...['snapshots', 'snapshot'],
  ...['', '.node', '.vm', '.failed', '.fencing'].map(kind => `cluster${kind}`),
];

describe('the manifest and the code agree on', () => {
  test('the commands', () => {
    expect(contributes.commands.map(one => one.command).sort()).toEqual(ids);
  });

  test('the category of all commands', () => {
    expect(contributes.commands.filter(one => one.category !== 'KVM Lab')).toEqual([]);
  });

  test('the commands that menus name', () => {
    expect(menuItems.map(item => item.command).filter(id => !ids.includes(id))).toEqual([]);
  });

  test('the commands that welcome texts and the walkthrough link to', () => {
    const texts = [
      ...contributes.viewsWelcome.map(one => one.contents),
      ...contributes.walkthroughs.flatMap(one => one.steps.map(step => step.description)),
    ];
    const linked = texts.flatMap(text => [...text.matchAll(/\(command:([\w.]+)/g)].map(([, id]) => id!));
    const finished = contributes.walkthroughs
      .flatMap(one => one.steps.flatMap(step => step.completionEvents ?? []))
      .map(event => event.replace('onCommand:', ''));

    expect([...linked, ...finished].filter(id => id.startsWith('kvmlab.') && !ids.includes(id))).toEqual([]);
    expect(linked.length).toBeGreaterThan(5);
  });

  test('the walkthrough that the empty view opens', () => {
    const [, query] = /openWalkthrough\?([^)]*)\)/.exec(contributes.viewsWelcome[0]!.contents)!;

    expect(JSON.parse(decodeURIComponent(query!))).toEqual([
      `${manifest.publisher}.${manifest.name}#${contributes.walkthroughs[0]!.id}`,
    ]);
  });

  test('the settings and their defaults', () => {
    const properties = Object.entries(contributes.configuration.properties);

    expect(Object.fromEntries(properties.map(([id, one]) => [id.replace('kvmlab.', ''), one.default]))).toEqual(
      settingDefaults,
    );
  });

  test('the views', () => {
    expect(contributes.views['kvmlab']?.map(view => view.id)).toEqual(Object.values(views));
    expect(contributes.viewsWelcome.filter(one => !Object.values<string>(views).includes(one.view))).toEqual([]);
  });

  test('the kinds of names that have colours', () => {
    expect(contributes.semanticTokenTypes.map(type => type.id)).toEqual([...colouredKinds]);
    expect(contributes.semanticTokenScopes.map(one => [one.language, Object.keys(one.scopes)])).toEqual([
      [languageId, [...colouredKinds]],
      [partLanguageId, [...colouredKinds]],
    ]);
  });

  test('the languages and their files', () => {
    const [language] = contributes.languages;

    expect(language?.id).toBe(languageId);
    expect(language?.extensions.map(extension => `**/*${extension}`)).toEqual(
      ['yaml', 'yml'].map(ending => labFilePattern.replace('{yaml,yml}', ending)),
    );
    expect(contributes.languages.slice(1).map(one => [one.id, one.extensions])).toEqual([
      [partLanguageId, ['.lab-part.yaml', '.lab-part.yml']],
      [installLanguageId, ['.install.yaml', '.install.yml']],
      [diagramLanguageId, ['.diag', '.nwdiag']],
    ]);
    expect(contributes.grammars.map(one => one.language)).toEqual([
      languageId,
      partLanguageId,
      installLanguageId,
      diagramLanguageId,
    ]);
  });
});

describe('the manifest', () => {
  test('names a file that is there, wherever it names one', () => {
    const files = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(one => one.icon),
      ...Object.values(contributes.views).flatMap(list => list.map(view => view.icon)),
      ...contributes.languages.flatMap(one => [one.configuration, ...Object.values(one.icon)]),
      ...contributes.grammars.map(one => one.path),
      ...contributes.walkthroughs.flatMap(one => one.steps.map(step => step.media.markdown)),
    ];

    expect(files.filter(file => !existsSync(path.join(root, file)))).toEqual([]);
  });

  test('asks for rows that exist: every test of `viewItem` fits at least one row, and no row fits all', () => {
    const tested = menuItems.flatMap(item => viewItemTests(item.when ?? ''));

    expect(tested.length).toBeGreaterThan(10);
    for (const fits of tested) {
      const rows = contextValues.filter(fits);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.length).toBeLessThan(contextValues.length);
    }
  });

  test('uses only context keys that VS Code sets, and view ids of ours', () => {
    const clauses = [...menuItems, ...contributes.viewsWelcome].map(one => one.when ?? '');
    const words = clauses.flatMap(
      clause => clause.replaceAll(/\/(?:\\.|[^/])*\//g, '').match(/[A-Za-z][\w.-]*/g) ?? [],
    );
    const known = [
      'view',
      'viewItem',
      'resourceLangId',
      'resourceFilename',
      'isWorkspaceTrusted',
      ...['webviewId', 'activeWebviewPanelId', 'kvmlab.picture', 'kvmlabItem'],
      languageId,
      diagramLanguageId,
      installLanguageId,
      'kvmlab.isCapturing',
      ...consoleKeys,
    ];

    expect(
      words.filter(
        word =>
          ![
            ...known,
            ...Object.values<string>(views),
            'monitor.on',
            'display.on',
            'install.playing',
            'install.over',
          ].includes(word),
      ),
    ).toEqual([]);
  });

  test.each([
    ['vm.stopped', ['start']],
    ['vm.failed', ['start']],
    ['vm.running', ['stop', 'openConsole']],
    ['vm.paused', ['stop', 'openConsole', 'resume']],
    ['switch.running', ['stop', 'openSwitchConsole', 'openVlanMatrix']],
    ['switch.stopped', ['start', 'openVlanMatrix']],
    ['lab.idle', ['start', 'openPicture']],
    ['lab.partly', ['start', 'stop', 'openPicture']],
    ['lab.broken', ['stop', 'openPicture']],
    ['serial.on', ['openConsole']],
    ['serial.off', []],
    ['nic.plugged', ['pullCable']],
    ['nic.pulled', ['plugCable']],
    ['stick.in', ['pullStick']],
    ['stick.out', ['plugStick']],
    ['snapshots', ['takeSnapshot']],
    ['snapshot', ['restoreSnapshot', 'compareSnapshots']],
    ['wire.running', ['stop', 'openWire']],
    ['monitor.on', ['openMonitor']],
    ['display.on', ['openDisplay']],
    ['display.off', []],
    ['nic', []],
    ['host.vm.foreign', ['openConsole']],
    ['install.playing', ['pauseInstall', 'openInstallConsole', 'openTranscript', 'stopInstall']],
    ['install.paused', ['resumeInstall', 'openInstallConsole', 'openTranscript', 'stopInstall']],
    ['install.over', ['openInstallConsole', 'openTranscript', 'closeInstall']],
    ['install.step', ['resumeInstall']],
    ['install.passed', []],
  ])('gives a row that is %s the inline buttons %j', (value, buttons) => {
    const inline = contributes.menus['view/item/context']!.filter(item => item.group?.startsWith('inline'));
    const shown = inline.filter(item => viewItemTests(item.when ?? '').every(fits => fits(value)));

    expect(shown.map(item => item.command.replace('kvmlab.', ''))).toEqual(buttons);
  });

  test('offers for a thing in a picture what the tree offers for it', () => {
    const drawn = contextValues.filter(value => /^(lab|group|vm|switch|wire|nic)\b/.test(value));
    const offered = (menu: string, key: string, value: string): readonly string[] =>
      contributes.menus[menu]!.filter(({ when, group, command }) => {
        const tests = viewItemTests((when ?? '').replaceAll(key, 'viewItem'));
        const isForAll = tests.length > 0 && tests.every(fits => fits(value));
        return isForAll && !group?.startsWith('inline') && command !== 'kvmlab.openPicture';
      }).map(({ command, group }) => `${group ?? ''} ${command}`);

    for (const value of drawn) {
      const inTree = offered('view/item/context', 'viewItem', value);
      expect([value, ...offered('webview/context', 'kvmlabItem', value)]).toEqual([value, ...inTree]);
    }
    for (const { when } of contributes.menus['webview/context']!)
      expect(when).toMatch(/^webviewId == kvmlab\.picture && /);
  });

  test('activates by our language, views and commands, and where displays or consoles of labs come back', () => {
    expect(manifest.activationEvents).toEqual([
      'onWebviewPanel:kvmlab.display',
      'onWebviewPanel:kvmlab.vlans',
      'onWebviewPanel:kvmlab.wires',
      'onWebviewPanel:kvmlab.picture',
      'onWebviewPanel:kvmlab.packets',
      ...['yaml', 'yml'].map(ending => `workspaceContains:${labFilePattern.replace('{yaml,yml}', ending)}`),
    ]);
  });

  test('promises to run nothing in a workspace that is not trusted, and needs a real one', () => {
    expect(manifest.capabilities.untrustedWorkspaces.supported).toBe('limited');
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(['kvmlab.accel']);
    expect(manifest.capabilities.virtualWorkspaces.supported).toBe(false);
  });
});

describe('a workspace that is not trusted', () => {
  test('has no command that starts, stops, opens or writes anything', () => {
    const open = ids.filter(id => refusalOf(id as keyof typeof needsTrust, false) === undefined);

    expect(open.map(id => id.replace('kvmlab.', ''))).toEqual([
      'cancelPaste',
      'copyConsoleAddress',
      'endBroadcast',
      'openConsoleLog',
      'openLabFile',
      'openPicture',
      'openScript',
      'refresh',
      'searchConsoles',
      'showDifferences',
      'showLog',
    ]);
  });

  test('is told so, with the way to change it', () => {
    const refusal = refusalOf('kvmlab.start', false);

    expect(refusal?.message).toContain('not trusted');
    expect(refusal?.actions.map(action => action.command)).toEqual(['workbench.trust.manage']);
  });

  test('has all commands as soon as it is trusted', () => {
    expect(ids.filter(id => refusalOf(id as keyof typeof needsTrust, true))).toEqual([]);
  });
});

/** The conditions on `viewItem` in a `when` clause, as functions. */
function viewItemTests(when: string): readonly ((value: string) => boolean)[] {
  const patterns = [...when.matchAll(/viewItem =~ \/((?:\\.|[^/])*)\//g)].map(([, pattern]) => new RegExp(pattern!));
  const equals = [...when.matchAll(/viewItem == ([\w.]+)/g)].map(([, value]) => value);
  return [
    ...patterns.map(pattern => (value: string) => pattern.test(value)),
    ...equals.map(wanted => (value: string) => value === wanted),
  ];
}
