import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readXml, type XmlElement } from '../../../extension/cluster/xml.ts';

/** What Pacemaker 2.1.5 printed in a cluster that ran the lab `dmz`. */
const transcriptText = (name: string): string =>
  readFileSync(path.join(import.meta.dirname, 'transcripts', `${name}.xml`), 'utf8');

export const transcript = (name: string): XmlElement => readXml(transcriptText(name))!;
