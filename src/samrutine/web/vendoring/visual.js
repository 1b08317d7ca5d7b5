// What the visual mode of the editor takes from Milkdown, ProseMirror and micromark; `make vendor` puts it in one file.
export {
  Editor, defaultValueCtx, editorViewCtx, editorViewOptionsCtx, parserCtx, remarkCtx, remarkStringifyOptionsCtx, rootCtx, serializerCtx,
} from "@milkdown/kit/core";
export { commonmark, emphasisUnderscoreInputRule, linkSchema, remarkPreserveEmptyLinePlugin } from "@milkdown/kit/preset/commonmark";
export {
  addColAfterCommand, addRowAfterCommand, extendListItemSchemaForTask, gfm, remarkGFMPlugin, strikethroughInputRule, tableCellSchema,
  tableHeaderSchema,
} from "@milkdown/kit/preset/gfm";
export { clipboard } from "@milkdown/kit/plugin/clipboard";
export { history } from "@milkdown/kit/plugin/history";
export { $remark, $view, callCommand } from "@milkdown/kit/utils";
export { NodeSelection, Selection, TextSelection } from "@milkdown/kit/prose/state";
export { lift, setBlockType, toggleMark } from "@milkdown/kit/prose/commands";
export { redo, undo } from "@milkdown/kit/prose/history";
export { liftListItem, sinkListItem, wrapInList } from "@milkdown/kit/prose/schema-list";
export { deleteColumn, deleteRow, goToNextCell, isInTable, selectedRect } from "@milkdown/kit/prose/tables";
export { gfmFootnote } from "micromark-extension-gfm-footnote";
export { gfmFootnoteFromMarkdown, gfmFootnoteToMarkdown } from "mdast-util-gfm-footnote";
export { gfmStrikethrough } from "micromark-extension-gfm-strikethrough";
export { gfmStrikethroughFromMarkdown, gfmStrikethroughToMarkdown } from "mdast-util-gfm-strikethrough";
export { gfmTable } from "micromark-extension-gfm-table";
export { gfmTableFromMarkdown, gfmTableToMarkdown } from "mdast-util-gfm-table";
export { gfmTaskListItem } from "micromark-extension-gfm-task-list-item";
export { gfmTaskListItemFromMarkdown, gfmTaskListItemToMarkdown } from "mdast-util-gfm-task-list-item";
