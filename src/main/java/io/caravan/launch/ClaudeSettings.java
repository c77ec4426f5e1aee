package io.caravan.launch;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Claude Code's file of the user's settings. */
final class ClaudeSettings {
  static final String ENV = "env";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  private ClaudeSettings(Path file) {
    this.file = file;
  }

  static ClaudeSettings of(Places places) {
    return new ClaudeSettings(places.claude().resolve("settings.json"));
  }

  Path file() {
    return file;
  }

  /** Returns the text; null if there is no file. */
  String text() throws IOException, LaunchException {
    if (!Files.exists(file)) {
      return null;
    }
    if (Files.isDirectory(file)) {
      throw new LaunchException(file + " is a directory, and must be a file");
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new LaunchException(file + " is left as it is: it is not UTF-8");
    }
  }

  /** Writes a text; null removes the file. */
  void write(String text) throws IOException {
    if (text == null) {
      Files.deleteIfExists(file);
    } else {
      WholeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Returns the text for edits; that of an empty file or of none is an object without members.
   *
   * @throws LaunchException if it is not what Claude Code can read
   */
  JsonEdits edits(String text) throws LaunchException {
    try {
      return new JsonEdits(text == null || text.isBlank() ? "{}\n" : text);
    } catch (IllegalArgumentException e) {
      throw broken(e);
    }
  }

  LaunchException broken(IllegalArgumentException fault) {
    String message = String.valueOf(fault.getMessage()).lines().findFirst().orElse("");
    String why = message.contains("omment?") ? "JSON has no comments" : message;
    return new LaunchException(file + " is left as it is: it can't be read as JSON (" + why + ")");
  }

  /**
   * Checks that the file sends Claude Code to no other server: what it sets counts more than the
   * environment.
   */
  void checkGoesTo(String url) throws LaunchException, IOException {
    String text = text();
    if (text == null) {
      return;
    }
    String set;
    try {
      set = edits(text).get(ENV, ClaudeVariables.BASE_URL);
    } catch (IllegalArgumentException e) {
      throw broken(e);
    }
    if (set != null && !url.equals(JSON.readTree(set).asText())) {
      throw new LaunchException(
          file
              + " sets "
              + ClaudeVariables.BASE_URL
              + " to "
              + set
              + ", which counts more than what this command sets: take it out, or run setup, which"
              + " sets it to "
              + url);
    }
  }
}
