// What else the page for teachers has, each {id, title, mount(host, catalogue)}: drawn once, below what makes links.
import { mount as marking } from "./marking.js";
import { mount as poll } from "./poll.js";

export const SECTIONS = [
  { id: "poll", title: "A poll of the class", mount: poll },
  { id: "marking", title: "Marking", mount: marking },
];
