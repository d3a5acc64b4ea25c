declare namespace App {
  interface Locals {
    /** Terms that the page has linked already: only the first appearance is a link. */
    terms?: Set<string>;
  }
}
