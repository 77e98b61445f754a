/** A VLAN of a switch; 0: none. */
export interface VlanPlace {
  readonly switch: string;
  readonly vlan: number;
}

export const placeKey = ({ switch: name, vlan }: VlanPlace): string => `${vlan} ${name}`;

export const placeWords = ({ switch: name, vlan }: VlanPlace): string =>
  vlan === 0 ? `${name} without VLAN` : `VLAN ${vlan} of ${name}`;
