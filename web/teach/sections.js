// What else the page for teachers has, each {id, title, mount(host)}: drawn once, below what makes links.

export const SECTIONS = [];
