package io.caravan.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings of a working directory: those of its application.properties, those of the
 * environment, and those that anything reads. One that nothing reads was mistyped, and would do
 * nothing without a word.
 */
public final class KnownSettings {
  /** The name of the file of settings. */
  public static final String FILE = "application.properties";

  private static final String PREFIX = "caravan.";
  private static final Pattern KEY = Pattern.compile("\\bcaravan\\.[a-z0-9][A-Za-z0-9_.-]*");
  private static final Pattern VARIABLE = Pattern.compile("\\benv:([A-Z][A-Z0-9_]+)");
  private static final Pattern IN_BRACES = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]+)");
  private static final Pattern PLACEHOLDERS = Pattern.compile("\\{\\{.*}}|\\$\\{.*}");
  private static final Pattern FROM_VARIABLE =
      Pattern.compile("\\{\\{env:([A-Z][A-Z0-9_]*)(?::(.*))?}}");

  /** Camel's own keys for what settings of Caravan's set. */
  private static final Map<String, String> OF_SERVERS =
      Map.of(
          "camel.server.host", "caravan.host",
          "camel.server.port", "caravan.port",
          "camel.management.host", "caravan.management-host",
          "camel.management.port", "caravan.management-port");

  /** The variables of the start script. */
  private static final List<String> OF_SCRIPT =
      List.of("CARAVAN_JAR", "CARAVAN_HEAP", "CARAVAN_JAVA_OPTIONS", "CARAVAN_ARCHIVE");

  /** The numbers that Camel takes with a unit, too: its timer's period. */
  private static final Set<String> TIMES = Set.of("caravan.models.refresh");

  /** The variables that Kubernetes and Docker set for a service or a link of that name. */
  private static final Pattern OF_SERVICE =
      Pattern.compile(".*_SERVICE_(HOST|PORT(_.+)?)|.*_PORT_\\d+_(TCP|UDP|SCTP)(_.+)?");

  private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.*");

  /** The beginnings of short names that only Caravan reads. */
  private static final Pattern SHORT = Pattern.compile("(MODEL|NIM|NVIDIA)_.*");

  private final Collection<String> readers;
  private final Properties own;
  private final Properties bundled;
  private final String text;
  private final Set<String> keys = new TreeSet<>();
  private final Set<String> variables = new TreeSet<>(OF_SCRIPT);
  private final UnaryOperator<String> environment;

  private KnownSettings(
      String text,
      Properties bundled,
      Collection<String> readers,
      UnaryOperator<String> environment) {
    this.readers = readers;
    this.text = text;
    this.own = load(text);
    this.bundled = bundled;
    this.environment = environment;
    keys.addAll(bundled.stringPropertyNames());
    keys.removeIf(key -> !key.startsWith(PREFIX));
    readers.forEach(this::addRead);
    own.values().forEach(value -> addRead(placeholders(value)));
    bundled.values().forEach(value -> addRead(placeholders(value)));
    keys.forEach(key -> variables.add(SettingOrigin.variable(key)));
  }

  /**
   * Reads the settings of a directory.
   *
   * @param readers the texts of the route files and Kamelets, which read settings
   * @throws IOException if the file of settings can't be read
   * @throws IllegalArgumentException if it is no file of properties
   */
  public static KnownSettings in(Path directory, Collection<String> readers) throws IOException {
    Path file = directory.resolve(FILE);
    byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    Properties bundled = new Properties();
    try (InputStream in = KnownSettings.class.getClassLoader().getResourceAsStream(FILE)) {
      if (in != null) {
        bundled.load(in);
      }
    }
    return of(bytes, bundled, readers, System::getenv);
  }

  static KnownSettings of(
      byte[] own,
      Properties bundled,
      Collection<String> readers,
      UnaryOperator<String> environment) {
    String text = new String(own, StandardCharsets.UTF_8);
    if (text.startsWith("\uFEFF")) {
      throw new IllegalArgumentException(
          FILE + " begins with a byte order mark: save it as UTF-8 without one");
    }
    return new KnownSettings(text, bundled, readers, environment);
  }

  private static Properties load(String text) {
    Properties settings = new Properties();
    try {
      settings.load(new StringReader(text));
    } catch (IOException | IllegalArgumentException e) {
      // Without the cause: it says less, and a failed start reports its innermost cause.
      throw new IllegalArgumentException(
          FILE + " can't be read: a backslash is written as two, as in C:\\\\users");
    }
    return settings;
  }

  /** Returns a value without its plain text: only a placeholder reads a setting. */
  private static String placeholders(Object value) {
    Matcher placeholder = PLACEHOLDERS.matcher(value.toString());
    return placeholder.find() ? placeholder.group() : "";
  }

  private void addRead(String reader) {
    add(keys, KEY, PREFIX, 0, reader);
    add(variables, VARIABLE, "env:", 1, reader);
    add(variables, IN_BRACES, "${", 1, reader);
  }

  /** Adds what a pattern finds, tried only where its plain beginning is: texts are long. */
  private static void add(Set<String> to, Pattern pattern, String begin, int group, String text) {
    Matcher matcher = pattern.matcher(text).useTransparentBounds(true);
    int next;
    for (int at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, next)) {
      next = at + begin.length();
      if (matcher.region(at, text.length()).lookingAt()) {
        to.add(matcher.group(group));
        next = matcher.end();
      }
    }
  }

  /**
   * Checks the names and values of the settings.
   *
   * @throws IllegalArgumentException if nothing reads one, or a value is of another kind; the
   *     message names all of them
   */
  public void check() {
    List<String> faults = new ArrayList<>();
    for (String key : new TreeSet<>(own.stringPropertyNames())) {
      String fault = ofName(key);
      if (fault != null) {
        faults.add(place(key) + ": " + fault);
      }
    }
    for (String key : new TreeSet<>(bundled.stringPropertyNames())) {
      Value value = key.startsWith(PREFIX) ? value(key) : null;
      String fault = value == null ? null : kind(key).fault(value.text());
      if (fault != null && !isOfService(value.text())) {
        faults.add(value.origin() + " is " + quoted(value.text()) + ": it must be " + fault);
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  /** Returns the keys that stand in the file more than once, in one sentence; empty without any. */
  public String repeated() {
    Map<String, Integer> counts = new TreeMap<>();
    Properties counting =
        new Properties() {
          @Override
          public synchronized Object put(Object key, Object value) {
            counts.merge(key.toString(), 1, Integer::sum);
            return super.put(key, value);
          }
        };
    try {
      counting.load(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counts.entrySet().stream()
        .filter(key -> key.getValue() > 1)
        .map(key -> FILE + " sets " + key.getKey() + " more than once; the last one counts")
        .collect(Collectors.joining(". "));
  }

  private ValueKind kind(String key) {
    return TIMES.contains(key) ? ValueKind.DURATION : ValueKind.of(standard(key));
  }

  private static String quoted(String text) {
    return text.isBlank() ? "empty" : text.strip();
  }

  private String ofName(String key) {
    String better = OF_SERVERS.get(key);
    if (better != null) {
      return own.getProperty(key).contains("{{" + better)
          ? null
          : key + " is set by " + better + ", on which more depends";
    }
    if (PREFIX.equals(key + ".")) {
      return "this is YAML; a setting here is one line with its whole name, as caravan.port = 9000";
    }
    if (!key.startsWith(PREFIX) && key.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
      return "nothing reads " + key + Similar.question(key, keys);
    }
    if (key.startsWith(PREFIX)) {
      return keys.contains(key) ? null : "nothing reads " + key + Similar.question(key, keys);
    }
    if (!variables.contains(key) || readers.stream().anyMatch(each -> each.contains("{{" + key))) {
      return null;
    }
    String ofFile = keyOf(key);
    return key
        + " is a variable of the environment, which this file can't set"
        + (ofFile == null ? "" : "; its key here is " + ofFile);
  }

  /** Returns the key that a variable of the environment sets, or null. */
  private String keyOf(String variable) {
    for (String key : new TreeSet<>(bundled.stringPropertyNames())) {
      Matcher from = FROM_VARIABLE.matcher(bundled.getProperty(key));
      if (key.startsWith(PREFIX)
          && (SettingOrigin.variable(key).equals(variable)
              || (from.matches() && from.group(1).equals(variable)))) {
        return key;
      }
    }
    return null;
  }

  private String place(String key) {
    Pattern begin = Pattern.compile("\\s*" + Pattern.quote(key) + "\\s*([=:\\s].*)?");
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (begin.matcher(lines.get(i)).matches()) {
        return FILE + ", line " + (i + 1);
      }
    }
    return FILE;
  }

  /** A value and the name of what has set it. */
  private record Value(String text, String origin) {}

  /** Returns the value that is in force; null if it can't be told from the files alone. */
  private Value value(String key) {
    String variable = SettingOrigin.variable(key);
    if (environment.apply(variable) != null) {
      return new Value(environment.apply(variable), variable);
    }
    String raw = own.getProperty(key);
    String origin = raw == null ? key : key + " (" + place(key) + ")";
    raw = raw == null ? bundled.getProperty(key) : raw;
    if (raw == null) {
      return null;
    }
    Matcher from = FROM_VARIABLE.matcher(raw.strip());
    if (from.matches()) {
      String set = environment.apply(from.group(1));
      return set != null
          ? new Value(set, from.group(1))
          : new Value(from.group(2) == null ? "" : from.group(2), origin);
    }
    return raw.contains("{{") ? null : new Value(raw, origin);
  }

  /**
   * Returns the setting by which a property of a bean or a Kamelet has a value; null if none can be
   * found.
   */
  public String settingOf(String property, String value) {
    Pattern line =
        Pattern.compile(
            "(?m)^[\\s-]*" + Pattern.quote(property) + ":\\s*[\"']?\\{\\{([^{}]+)}}[\"']?\\s*$");
    for (String reader : readers) {
      for (MatchResult found : line.matcher(reader).results().toList()) {
        Value read = read(found.group(1));
        if (read != null && read.text().strip().equals(value.strip())) {
          return read.origin();
        }
      }
    }
    return null;
  }

  /** Returns the value of a placeholder that is a variable or a key. */
  private Value read(String body) {
    String name = body.replaceFirst("^env:", "").replaceFirst(":.*", "");
    if (!body.startsWith("env:")) {
      return value(name);
    }
    String set = environment.apply(name);
    return set == null ? null : new Value(set, name);
  }

  /** Returns the bundled default of a key, by which the kind of its values is known. */
  private String standard(String key) {
    String raw = bundled.getProperty(key).strip();
    Matcher from = FROM_VARIABLE.matcher(raw);
    return !from.matches() ? raw : from.group(2) == null ? "" : from.group(2);
  }

  /**
   * Returns the variables of the environment that were meant for Caravan and that nothing reads, in
   * one sentence; empty if there are none.
   */
  public String unread(Map<String, String> all) {
    return all.entrySet().stream()
        .filter(each -> isMistyped(each.getKey(), each.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .map(name -> "Nothing reads " + name + Similar.question(name, meant(name)))
        .collect(Collectors.joining(". "))
        .replace("?.", "?");
  }

  private boolean isMistyped(String name, String value) {
    if (variables.contains(name) || OF_SERVICE.matcher(name).matches() || isOfService(value)) {
      return false;
    }
    return name.startsWith("CARAVAN_")
        || (SHORT.matcher(name).matches() && Similar.to(name, meant(name)) != null);
  }

  /** Returns the variables that may have been meant: those that begin in the same way. */
  private Set<String> meant(String name) {
    String family = name.substring(0, name.indexOf('_') + 1);
    return variables.stream().filter(each -> each.startsWith(family)).collect(Collectors.toSet());
  }

  private static boolean isOfService(String value) {
    return SERVICE_URL.matcher(value).matches();
  }
}
