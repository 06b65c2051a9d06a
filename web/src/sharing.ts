// A text travels in the fragment of the page's address, which browsers keep to themselves.
const name = '#text=';
const mostCharacters = 8000;

/** The address that opens the page with this text, or null if it would be too long for some programs. */
export function linkTo(text: string): string | null {
  const wellFormed = new TextDecoder().decode(new TextEncoder().encode(text)); // half a surrogate pair has no encoding
  const link = `${location.origin}${location.pathname}${name}${encodeURIComponent(wellFormed)}`;
  return link.length > mostCharacters ? null : link;
}

/** The text that the page's address holds. */
export function sharedText(): string | null {
  if (!location.hash.startsWith(name)) return null;
  try {
    return decodeURIComponent(location.hash.slice(name.length).split('&')[0]);
  } catch {
    return null; // cut on its way
  }
}

/** Takes the text out of the page's address; what else is in its fragment stays. */
export function dropSharedText(): void {
  const others = location.hash.slice(1).split('&').slice(1).join('&');
  history.replaceState(null, '', `${location.pathname}${location.search}${others && `#${others}`}`);
}
