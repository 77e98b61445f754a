import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readQemuProcess, type QemuFacts } from '../../../extension/qemu/process.ts';

const facts = (...args: readonly string[]): QemuFacts => readQemuProcess(['qemu-system-x86_64', ...args])!;

/** A VM as the scripts of a lab start it. */
const labVm = [
  ...['-name', 'fw,process=fw', '-machine', 'pc', '-accel', 'tcg', '-m', '512M', '-smp', '2', '-nodefaults'],
  ...['-display', 'none', '-pidfile', '/run/user/1000/kvmlab/dmz/fw.pid', '-daemonize'],
  ...['-chardev', 'socket,id=serial,host=127.0.0.1,port=10031,server=on,wait=off,telnet=on,logfile=/r/fw.console.log'],
  ...['-serial', 'chardev:serial'],
  ...['-chardev', 'socket,id=monitor,host=127.0.0.1,port=20031,server=on,wait=off,telnet=on'],
  ...['-mon', 'chardev=monitor,mode=readline'],
  ...['-qmp', 'unix:/r/fw.qmp,server=on,wait=off', '-qmp', 'unix:/r/fw.watch.qmp,server=on,wait=off'],
  ...['-vnc', '127.0.0.1:24131'],
];

describe('a QEMU command line of a lab', () => {
  test('tells everything', () => {
    expect(facts(...labVm)).toEqual({
      name: 'fw',
      id: 31,
      memory: '512M',
      serialPort: 10031,
      monitorPort: 20031,
      displayPort: 30031,
      pidFile: '/run/user/1000/kvmlab/dmz/fw.pid',
      qmpSockets: ['/r/fw.qmp', '/r/fw.watch.qmp'],
      isAppliance: false,
    });
  });

  test('of an uplink is an appliance', () => {
    expect(facts('-machine', 'none', '-name', 'switch-inet.uplink', '-netdev', 'user,id=u').isAppliance).toBe(true);
  });

  test.each([[['-M', 'none']], [['-machine', 'type=none,accel=tcg']], [['--machine', 'none']]])(
    'says that there is no machine with %j',
    words => {
      expect(facts(...words).isAppliance).toBe(true);
    },
  );
});

describe('a QEMU command line of somebody else', () => {
  test.each([
    [['qemu-system-x86_64'], true],
    [['/usr/bin/qemu-system-aarch64'], true],
    [['/usr/bin/kvm'], true],
    [['kvm'], true],
    [['/usr/libexec/qemu-kvm'], true],
    [['qemu-img'], false],
    [['qemu-system-'], false],
    [['bash', '-c', 'qemu-system-x86_64'], false],
    [[''], false],
    [[], false],
  ])('%j is a QEMU: %s', (args, isQemu) => {
    expect(readQemuProcess(args) !== undefined).toBe(isQemu);
  });

  test.each([
    [['-name', 'win'], 'win'],
    [['-name', 'guest=win,debug-threads=on'], 'win'],
    [['-name', 'process=p,guest=win'], 'win'],
    [['--name', 'win'], 'win'],
    [['-name', 'a,,b'], 'a,b'],
    [['-name', ''], undefined],
    [['-name'], undefined],
    [[], undefined],
  ])('%j is named %s', (words, name) => {
    expect(facts(...words).name).toBe(name);
  });

  test.each([
    [['-m', '512'], '512M'],
    [['-m', '2G'], '2G'],
    [['-m', 'size=4096,slots=2,maxmem=8G'], '4096M'],
    [['-m', 'size=1G'], '1G'],
    [['-m', '256,slots=2'], '256M'],
    [['-m', '128M', '-m', '1G'], '1G'],
    [[], undefined],
  ])('%j has the memory %s', (words, memory) => {
    expect(facts(...words).memory).toBe(memory);
  });

  test.each([
    [['-serial', 'telnet:localhost:10005,server,nowait'], 10005],
    [['-serial', 'telnet::4444,server=on,wait=off'], 4444],
    [['-serial', 'tcp:[::1]:4444,server=on'], 4444],
    [['-serial', 'mon:telnet:127.0.0.1:4444,server,nowait'], 4444],
    [['-serial', 'null', '-serial', 'tcp::4445,server'], 4445],
    [['-chardev', 'socket,id=c0,port=4444,host=::1,server=on', '-device', 'isa-serial,chardev=c0'], 4444],
    [['-serial', 'tcp:other.host:4444'], undefined],
    [['-serial', 'tcp::4444,noserver'], undefined],
    [['-chardev', 'socket,id=c0,path=/x,server=on', '-serial', 'chardev:c0'], undefined],
    [['-serial', 'chardev:nosuch'], undefined],
    [['-serial', 'stdio'], undefined],
    [['-serial', 'pty'], undefined],
  ])('%j has the serial port %s', (words, port) => {
    expect(facts(...words).serialPort).toBe(port);
  });

  test.each([
    [['-monitor', 'telnet:localhost:20005,server,nowait'], 20005],
    [['-monitor', 'unix:/tmp/m,server,nowait'], undefined],
    [['-serial', 'mon:telnet::4444,server'], 4444],
    [['-chardev', 'socket,id=q,port=4444,host=::1,server=on', '-mon', 'chardev=q,mode=control'], undefined],
    [['-chardev', 'socket,id=q,port=4444,host=::1,server=on', '-mon', 'q'], 4444],
  ])('%j has the monitor port %s', (words, port) => {
    expect(facts(...words).monitorPort).toBe(port);
  });

  test.each([
    [['-vnc', ':1'], 5901],
    [['-vnc', 'localhost:24105,password=on'], 30005],
    [['-vnc', '[::1]:2,to=9'], 5902],
    [['-display', 'vnc=:3,websocket=on'], 5903],
    [['-vnc', 'none'], undefined],
    [['-vnc', 'unix:/tmp/vnc'], undefined],
    [['-vnc', 'viewer:5500,reverse=on'], undefined],
    [['-display', 'none'], undefined],
  ])('%j has the display port %s', (words, port) => {
    expect(facts(...words).displayPort).toBe(port);
  });

  test('gives the QMP sockets of a control monitor too', () => {
    const words = ['-chardev', 'socket,id=q,path=/run/libvirt/mon.sock,server=on', '-mon', 'chardev=q,mode=control'];

    expect(facts(...words, '-qmp', 'tcp::4444,server').qmpSockets).toEqual(['/run/libvirt/mon.sock']);
  });

  test('is not misled by the value of an option that looks like another one', () => {
    const words = ['-append', '-name', '-drive', '-m', '-no-reboot', '-name', 'real', '-fw_cfg', 'name=x'];

    expect(facts(...words)).toMatchObject({ name: 'real', memory: undefined });
  });
});

describe('the ID', () => {
  const console = (option: string, port: number): readonly string[] => [`-${option}`, `telnet::${port},server,nowait`];

  test.each([
    [[...console('serial', 10007), ...console('monitor', 20007)], 7],
    [console('serial', 10007), 7],
    [console('monitor', 20007), 7],
    [[...console('serial', 10007), '-vnc', ':1'], 7],
    [[...console('serial', 10007), ...console('monitor', 20008)], undefined],
    [[...console('serial', 10007), '-vnc', 'localhost:24108'], undefined],
    [['-vnc', 'localhost:24107'], undefined],
    [console('serial', 20007), undefined],
    [console('serial', 10000), undefined],
    [console('serial', 4444), undefined],
    [[], undefined],
  ])('of %j is %s', (words, id) => {
    expect(facts(...words).id).toBe(id);
  });
});

test('no command line makes the reader throw', () => {
  const words = ['-name', '-m', '-serial', '-monitor', '-vnc', '-chardev', '-mon', '-qmp', '-device', '-machine', '-S'];
  const odd = [
    '',
    ',',
    '=',
    ',,',
    'chardev:',
    'mon:mon:',
    'telnet:',
    'tcp:::,server',
    ':99999999999',
    'socket,id=',
    '__proto__=x',
  ];
  const word = fc.oneof(fc.constantFrom(...words, ...odd), fc.string(), fc.string({ unit: 'binary' }));

  fc.assert(
    fc.property(fc.array(word), args => {
      expect(readQemuProcess(['kvm', ...args])).toBeDefined();
    }),
  );
});
