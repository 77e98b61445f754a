/**
 * The text of a large `.diag`: hosts spread over networks, half of them on a second network, most of these on the next
 * one. The same text for the same numbers.
 */
export function largeDiag(networkCount: number, nodeCount: number): string {
  const next = numbers();
  const members = Array.from({ length: networkCount }, () => new Array<string>());
  for (let node = 0; node < nodeCount; node += 1) {
    const first = Math.floor((node * networkCount) / nodeCount);
    const isDual = node % 2 === 0;
    const second = next() % 100 < 85 ? (first + 1) % networkCount : next() % networkCount;
    for (const network of new Set(isDual ? [first, second] : [first]))
      members[network]?.push(`  vm${node} [address = "10.${network}.${node >> 8}.${node & 255}"];\n`);
  }
  const networks = members.map(
    (lines, network) => `network net${network} {\n  address = "10.${network}.0.0/16";\n${lines.join('')}}\n`,
  );
  return `nwdiag {\n${networks.join('')}}\n`;
}

/** Numbers that look random and are always the same. */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state;
  };
}
