/**
 * The lines that were given to a VM's monitor, the latest first, each once: it outlives the VM, unlike QEMU's own. What
 * has a password in it (`set_password`, `object_add secret,…`) is not kept.
 */
export const withLine = (history: readonly string[], line: string): readonly string[] => {
  const trimmed = line.trim();
  if (trimmed === '' || /password|secret/i.test(trimmed)) return history;
  return [trimmed, ...history.filter(one => one !== trimmed)].slice(0, longest);
};

const longest = 64;
