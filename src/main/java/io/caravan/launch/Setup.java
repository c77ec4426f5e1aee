package io.caravan.launch;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code setup}: writes into Claude Code's settings what {@code code} gives it in the environment,
 * and {@code setup --undo} takes it out. A record has what was written, and what was there before.
 */
public final class Setup {
  private static final int TROUBLE = 2;
  private static final int FAULT = 1;
  private static final int NAME = 12;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Places places;
  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;
  private final ClaudeSettings settings;

  /** Makes the command. */
  public Setup(Places places, Map<String, String> environment, PrintStream out, PrintStream err) {
    this.places = places;
    this.environment = environment;
    this.out = out;
    this.err = err;
    this.settings = ClaudeSettings.of(places);
  }

  /** Runs it; returns the exit code: 0, or 1 if nothing has been written. */
  public int run(Words words) throws InterruptedException {
    boolean undo = words.options().equals(List.of("--undo"));
    if (!words.claude().isEmpty() || !(undo || words.options().isEmpty())) {
      err.println("Usage: java -jar caravan.jar setup [--undo] [--config DIR]");
      return TROUBLE;
    }
    try {
      if (undo) {
        undo();
      } else {
        write();
      }
      return 0;
    } catch (LaunchException | IllegalArgumentException e) {
      err.println("Nothing is set up: " + e.getMessage());
    } catch (Exception e) {
      if (e instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      err.println("Nothing is set up: " + why(e));
    }
    return FAULT;
  }

  private static String why(Exception fault) {
    return fault instanceof FileSystemException file
        ? file.getFile()
            + " can't be written: "
            + (file instanceof AccessDeniedException
                ? "permission denied"
                : file instanceof NoSuchFileException ? "it is not there" : file.getReason())
        : fault.toString();
  }

  private void write() throws Exception {
    // A file that can't be edited is reported before a gateway is started for its sake.
    settings.edits(settings.text());
    GatewaySettings gateway = GatewaySettings.in(places.config());
    GatewayFacts facts;
    try (SharedGateway shared = SharedGateway.use(places, gateway, ClaudeVariables.USUAL_MODEL)) {
      facts = shared.facts();
    }
    String key = ClaudeVariables.key(gateway, facts, environment);
    Map<String, String> variables = ClaudeVariables.of(gateway.url(), key, facts, false);
    write(variables, !facts.judge());
    tell(variables);
  }

  /**
   * Writes the settings.
   *
   * @param ask true to have Claude Code ask for permission, unless the user has chosen a mode
   */
  void write(Map<String, String> variables, boolean ask) throws IOException, LaunchException {
    String text = settings.text();
    SetupRecord earlier = record();
    try {
      String before = earlier == null ? text : without(earlier, text);
      JsonEdits edits = settings.edits(before);
      SetupRecord written = SetupRecord.write(edits, before, values(edits, variables, ask));
      // The record comes first: without it nothing could be undone.
      WholeFile.write(recordFile(), written.json());
      settings.write(written.after());
    } catch (IllegalArgumentException e) {
      throw settings.broken(e);
    }
  }

  private static Map<List<String>, String> values(
      JsonEdits edits, Map<String, String> variables, boolean ask) throws IOException {
    Map<List<String>, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, String> each : variables.entrySet()) {
      values.put(
          List.of(ClaudeSettings.ENV, each.getKey()), JSON.writeValueAsString(each.getValue()));
    }
    if (ask && edits.get("permissions", "defaultMode") == null) {
      values.put(List.of("permissions", "defaultMode"), "\"default\"");
    }
    return values;
  }

  /** Returns a text without what an earlier setup has written. */
  private String without(SetupRecord earlier, String text) throws IOException, LaunchException {
    if (text == null || earlier.isUntouched(text)) {
      return text == null ? null : earlier.before();
    }
    JsonEdits edits = settings.edits(text);
    earlier.takeOut(edits);
    return edits.text();
  }

  void undo() throws IOException, LaunchException {
    SetupRecord earlier = record();
    String text = settings.text();
    if (earlier == null) {
      throw new LaunchException("setup has written nothing into " + settings.file());
    }
    if (text != null && !earlier.isUntouched(text)) {
      JsonEdits edits = settings.edits(text);
      List<String> stay = earlier.takeOut(edits);
      settings.write(edits.text());
      stay.forEach(name -> out.println(name + " has been changed since, and stays"));
    } else if (text != null) {
      settings.write(earlier.before());
    }
    Files.delete(recordFile());
    out.println(settings.file() + " has nothing of setup any more");
  }

  private SetupRecord record() throws IOException {
    Path file = recordFile();
    return Files.exists(file) ? SetupRecord.of(Files.readAllBytes(file)) : null;
  }

  /** Returns the file of the record, one for each file of settings. */
  private Path recordFile() {
    try {
      String path = settings.file().toAbsolutePath().normalize().toString();
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
      String name = HexFormat.of().formatHex(hash).substring(0, NAME);
      return places.state().resolve("setup-" + name + ".json");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void tell(Map<String, String> variables) {
    String url = variables.get(ClaudeVariables.BASE_URL);
    out.println(settings.file() + " sends Claude Code to " + url + " (setup --undo takes it out)");
    out.println("The gateway must run for it: cd " + places.config() + " && java -jar caravan.jar");
    out.println();
    out.println("VS Code's extension reads the same file. In a settings.json of VS Code instead:");
    out.println("  \"claudeCode.environmentVariables\": [");
    out.println(
        variables.entrySet().stream()
            .map(Setup::line)
            .collect(Collectors.joining("," + System.lineSeparator())));
    out.println("  ]");
    out.println();
    out.println("Anthropic's SDKs:");
    out.println("  export " + ClaudeVariables.BASE_URL + "=" + url);
    out.println("  export ANTHROPIC_API_KEY=" + variables.get(ClaudeVariables.TOKEN));
  }

  private static String line(Map.Entry<String, String> variable) {
    try {
      return "    " + JSON.writeValueAsString(new Variable(variable.getKey(), variable.getValue()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A variable as VS Code's extension has it. */
  private record Variable(String name, String value) {}
}
