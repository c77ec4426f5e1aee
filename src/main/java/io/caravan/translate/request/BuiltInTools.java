package io.caravan.translate.request;

import io.caravan.json.JsonText;
import io.caravan.json.RawJson;

/**
 * The tools that Anthropic's models know without a declaration. The client runs them, but sends
 * neither description nor schema (platform documentation, "Bash tool", "Text editor tool", "Memory
 * tool").
 */
enum BuiltInTools {
  BASH(
      "bash_",
      "Runs a command in a shell that stays open between calls. Set restart to start a new one.",
      """
      {"type":"object","properties":{"command":{"type":"string","description":"The command to run."},\
      "restart":{"type":"boolean","description":"Starts the shell anew."}}}"""),
  TEXT_EDITOR(
      "text_editor_",
      "Views and edits text files: view a file or folder, create a file, replace a string that occurs"
          + " once in a file, or insert text behind a line.",
      """
      {"type":"object","properties":{"command":{"type":"string","enum":["view","create","str_replace",\
      "insert"]},"path":{"type":"string","description":"Absolute path of the file or folder."},\
      "file_text":{"type":"string","description":"For create: the content."},\
      "old_str":{"type":"string","description":"For str_replace: the text to replace."},\
      "new_str":{"type":"string","description":"For str_replace: what replaces it."},\
      "insert_line":{"type":"integer","description":"For insert: the line to insert behind; 0 for the\
       beginning."},"insert_text":{"type":"string","description":"For insert: the text."},\
      "view_range":{"type":"array","items":{"type":"integer"},"description":"For view: first and last\
       line."}},"required":["command","path"]}"""),
  MEMORY(
      "memory_",
      "Reads and writes notes that outlast the conversation, as files under /memories. Look there"
          + " first.",
      """
      {"type":"object","properties":{"command":{"type":"string","enum":["view","create","str_replace",\
      "insert","delete","rename"]},"path":{"type":"string","description":"Path under /memories."},\
      "file_text":{"type":"string","description":"For create: the content."},\
      "old_str":{"type":"string","description":"For str_replace: the text to replace."},\
      "new_str":{"type":"string","description":"For str_replace: what replaces it."},\
      "insert_line":{"type":"integer","description":"For insert: the line to insert behind."},\
      "insert_text":{"type":"string","description":"For insert: the text."},\
      "old_path":{"type":"string","description":"For rename: from."},\
      "new_path":{"type":"string","description":"For rename: to."},\
      "view_range":{"type":"array","items":{"type":"integer"},"description":"For view: first and last\
       line."}},"required":["command"]}""");

  private final String prefix;
  private final String description;
  private final String schema;

  BuiltInTools(String prefix, String description, String schema) {
    this.prefix = prefix;
    this.description = description;
    this.schema = schema;
  }

  /** Returns the tool of a versioned type ({@code bash_20250124}), or null. */
  static BuiltInTools find(String type) {
    for (BuiltInTools tool : values()) {
      if (type.startsWith(tool.prefix)) {
        return tool;
      }
    }
    return null;
  }

  JsonText description() {
    return JsonText.of(description);
  }

  RawJson schema() {
    return RawJson.of(schema);
  }
}
