// What else the page for teachers has, each {id, title, mount(host, catalogue)}: drawn once, below what makes links.
import { later } from "../../pyapp/attention_lab/widgets/js/texts.js";
import { mount as marking } from "./marking.js";
import { mount as poll } from "./poll.js";

export const SECTIONS = [
  { id: "poll", title: later("A poll of the class"), mount: poll },
  { id: "marking", title: later("Marking"), mount: marking },
];
