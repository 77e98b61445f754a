/** Elements of a view, made one by one: text goes in as text, never as HTML. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
}

export interface ButtonParts {
  readonly label: string;
  /** Path data of a drawing in a square of 16; without it the label is shown. */
  readonly icon?: string;
  readonly title: string;
  readonly onClick: () => void;
}

export function button({ label, icon, title, onClick }: ButtonParts): HTMLButtonElement {
  const made = element(
    'button',
    icon === undefined ? 'button' : 'button icon',
    icon === undefined ? label : drawn(icon),
  );
  made.type = 'button';
  made.title = title;
  made.ariaLabel = label;
  made.addEventListener('click', onClick);
  return made;
}

function drawn(path: string): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  const shape = document.createElementNS(namespace, 'path');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.ariaHidden = 'true';
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}

/** Screen readers say a text again whenever it is set. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Its text says what it does. Without a function, it sends the form that it is in. */
export function textButton(label: string, title: string, onClick?: () => void): HTMLButtonElement {
  const made = element('button', '', label);
  made.type = onClick ? 'button' : 'submit';
  made.title = title;
  if (onClick) made.addEventListener('click', onClick);
  return made;
}
