/** Everything that a VM's ID gives. The ranges cannot meet as long as the ID is at most 9999. */
export const lowestId = 1;
export const highestId = 9999;

export const serialPort = (id: number): number => 10_000 + id;
export const monitorPort = (id: number): number => 20_000 + id;
export const displayPort = (id: number): number => 30_000 + id;

/** QEMU counts VNC displays from TCP port 5900. */
export const vncDisplay = (id: number): number => displayPort(id) - 5_900;

/** `52:54:00:ID high byte:ID low byte:NIC number`, lower case. */
export function macOf(prefix: string, id: number, nic: number): string {
  const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
  return [prefix.toLowerCase(), hex(id >> 8), hex(id & 0xff), hex(nic)].join(':');
}
