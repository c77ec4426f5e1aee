package io.caravan.claudecode;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The scene in Claude Code's terminal interface, which makes calls that print mode doesn't: a title
 * for the session, and the list of models for its menu.
 */
final class Terminal {
  static final String NAME = "works in a terminal, and lists Caravan's models in its menu";

  private static final long LIMIT_NANOS = 60_000_000_000L;
  private static final String DONE = "Typed and done.";

  private final Path screen;
  private final OutputStream keys;

  private Terminal(Path screen, OutputStream keys) {
    this.screen = screen;
    this.keys = keys;
  }

  /** Returns whether there is a program that makes a terminal: util-linux's {@code script}. */
  static boolean available() throws InterruptedException {
    try {
      return new ProcessBuilder("script", "-qfec", "true", "/dev/null").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs the scene and returns its faults. */
  static List<String> faults(ClaudeCode claude, ScriptedUpstream upstream, Path directory)
      throws IOException, InterruptedException {
    upstream.answer(
        Scenes.byTurn(
            Scenes.write("call_typed", directory.resolve("typed.txt"), "typed"),
            Script.stream(Chunks.role(), Chunks.text(DONE), Scenes.ending("stop"))));
    Path screen = directory.resolveSibling("terminal-screen");
    Process process = claude.startInTerminal(directory, screen);
    List<String> faults = new ArrayList<>();
    try (OutputStream keys = process.getOutputStream()) {
      Terminal terminal = new Terminal(screen, keys);
      terminal.type("Write the file", () -> !upstream.completions().isEmpty());
      if (!terminal.await(() -> terminal.shows(DONE))) {
        faults.add("the screen never shows the answer");
      }
      if (!Files.exists(directory.resolve("typed.txt"))) {
        faults.add("there is no typed.txt");
      }
      terminal.type("/model", () -> terminal.shows("From gateway"));
      if (!terminal.shows("From gateway")) {
        faults.add("the menu has no models of the gateway");
      }
      if (!faults.isEmpty()) {
        String shown = terminal.text();
        faults.add("the screen: " + shown.substring(Math.max(0, shown.length() - 1000)));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
    return faults;
  }

  /** Types a line, again while nothing comes of it: the first keys may come before it listens. */
  private void type(String line, BooleanSupplier until) throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!until.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(1000);
      press("\u0015" + line);
      Thread.sleep(500);
      press("\r");
      for (int i = 0; i < 20 && !until.getAsBoolean(); i++) {
        Thread.sleep(100);
      }
    }
  }

  private void press(String text) throws IOException {
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  private boolean await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(100);
    }
    return condition.getAsBoolean();
  }

  /** Compares without spaces: a terminal may move its cursor in their place. */
  private boolean shows(String words) {
    return text().replaceAll("\\s", "").contains(words.replaceAll("\\s", ""));
  }

  private String text() {
    try {
      return Files.readString(screen, StandardCharsets.ISO_8859_1)
          .replaceAll("\u001b\\[[0-9;?<>=]*[a-zA-Z]", " ");
    } catch (IOException e) {
      return "";
    }
  }
}
