package io.caravan.limits.client;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a file of client keys: one key and its limits a line.
 *
 * <pre>{@code
 * # printf %s "$KEY" | sha256sum
 * sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 name=ann rpm=60 models=claude-*
 * sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752 name=ci tpm=200000 daily-tokens=5000000
 * }</pre>
 *
 * <p>{@code rpm} is requests a minute, {@code tpm} tokens a minute, {@code daily-tokens} tokens a
 * day (UTC), {@code models} patterns separated by commas; a limit that is left out does not apply.
 * Two keys of the same name and limits are one client, so that a key can be replaced without a gap.
 */
final class KeyFile {
  /** Thrown if the file can't be used. The message names the line and never quotes it. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    Broken(int line, String what) {
      super("line " + line + ": " + what);
    }
  }

  static final int MAX_KEYS = 10_000;
  private static final String PREFIX = "sha256:";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern DOLLARS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
  private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");
  private static final Set<String> SETTINGS =
      Set.of(
          "name",
          "rpm",
          "tpm",
          "daily-tokens",
          "monthly-tokens",
          "daily-usd",
          "monthly-usd",
          "models",
          "expires");

  private final Map<ByteBuffer, Client> entries = new HashMap<>();
  private final Map<String, Client> clients = new HashMap<>();
  private int line;

  private KeyFile() {}

  /** Returns the clients by the hashes of their keys. */
  static Map<ByteBuffer, Client> parse(byte[] content) throws Broken {
    String text = new String(content, StandardCharsets.UTF_8);
    if (text.isBlank()) {
      // Most likely an editor has truncated it and is about to write. Comments alone are intended.
      throw new Broken(1, "the file is empty; a file of comments alone lets no one in");
    }
    if (text.startsWith("\uFEFF")) {
      throw new Broken(1, "begins with a byte order mark: save it as UTF-8 without one");
    }
    KeyFile file = new KeyFile();
    for (String line : text.split("\\R", -1)) {
      file.read(line.strip());
    }
    return Map.copyOf(file.entries);
  }

  private void read(String text) throws Broken {
    line++;
    if (text.isEmpty() || text.startsWith("#")) {
      return;
    }
    String[] words = text.split("\\s+");
    if (!words[0].startsWith(PREFIX) || !HASH.matcher(words[0].substring(7)).matches()) {
      throw new Broken(
          line,
          "must begin with sha256: and 64 hexadecimal digits; the command key new makes a line");
    }
    String hex = words[0].substring(PREFIX.length()).toLowerCase(Locale.ROOT);
    ByteBuffer hash = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    if (entries.containsKey(hash)) {
      throw new Broken(line, "this key stands in the file twice");
    }
    if (ExampleKeys.containHash(hex)) {
      throw new Broken(
          line, "this is a key of an example, which everyone knows; make one of yours");
    }
    if (entries.size() == MAX_KEYS) {
      throw new Broken(line, "more than " + MAX_KEYS + " keys");
    }
    Client client = client(hex, settings(words));
    Client namesake = clients.putIfAbsent(client.id(), client);
    if (namesake != null && !namesake.equals(client)) {
      throw new Broken(line, "another key of the same name has other limits");
    }
    entries.put(hash, client);
  }

  private Map<String, String> settings(String[] words) throws Broken {
    Map<String, String> settings = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      String name = words[i].substring(0, Math.max(0, equals));
      if (!SETTINGS.contains(name)) {
        throw new Broken(
            line,
            "word "
                + (i + 1)
                + " must be one of name=, rpm=, tpm=, daily-tokens=, monthly-tokens=, daily-usd=,"
                + " monthly-usd=, models=, expires=");
      }
      if (settings.put(name, words[i].substring(equals + 1)) != null) {
        throw new Broken(line, name + " stands there twice");
      }
    }
    return settings;
  }

  private Client client(String hex, Map<String, String> settings) throws Broken {
    String name = settings.getOrDefault("name", defaultId(hex));
    if (!NAME.matcher(name).matches()) {
      throw new Broken(line, "name may have letters, digits and . _ - only, at most 64");
    }
    return new Client(
        name,
        (int) number(settings, "rpm", 1_000_000),
        number(settings, "tpm", Long.MAX_VALUE / 4),
        number(settings, "daily-tokens", Long.MAX_VALUE / 4),
        models(settings.get("models")),
        budgets(settings),
        expires(settings.get("expires")));
  }

  private List<Budget> budgets(Map<String, String> settings) throws Broken {
    List<Budget> budgets = new ArrayList<>();
    long tokens = number(settings, "monthly-tokens", Long.MAX_VALUE / 4);
    add(budgets, Budget.Period.MONTH, Budget.Unit.TOKENS, tokens);
    add(budgets, Budget.Period.DAY, Budget.Unit.NANODOLLARS, dollars(settings, "daily-usd"));
    add(budgets, Budget.Period.MONTH, Budget.Unit.NANODOLLARS, dollars(settings, "monthly-usd"));
    return budgets;
  }

  private static void add(
      List<Budget> budgets, Budget.Period period, Budget.Unit unit, long limit) {
    if (limit > 0) {
      budgets.add(new Budget(period, unit, limit));
    }
  }

  /** Returns billionths of a dollar. */
  private long dollars(Map<String, String> settings, String name) throws Broken {
    String text = settings.get(name);
    if (text == null) {
      return 0;
    }
    if (!DOLLARS.matcher(text).matches() || new BigDecimal(text).signum() == 0) {
      throw new Broken(
          line, name + " must be a number of dollars such as 2.50; leave it out for no limit");
    }
    return new BigDecimal(text).movePointRight(9).longValueExact();
  }

  /** Returns the end of the last day on which the key may be used, in UTC. */
  private Instant expires(String text) throws Broken {
    if (text == null) {
      return null;
    }
    try {
      return LocalDate.parse(text).plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw new Broken(line, "expires must be the last day of the key, such as 2027-01-31 (UTC)");
    }
  }

  static String defaultId(String hex) {
    return "key-" + hex.substring(0, 8);
  }

  private long number(Map<String, String> settings, String name, long max) throws Broken {
    String text = settings.get(name);
    if (text == null) {
      return 0;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 1 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below, without a quotation.
    }
    throw new Broken(
        line, name + " must be a number from 1 to " + max + "; leave it out for no limit");
  }

  private List<String> models(String text) throws Broken {
    if (text == null) {
      return List.of();
    }
    List<String> models = List.of(text.split(",", -1));
    if (models.contains("")) {
      throw new Broken(line, "models has an empty name");
    }
    return models;
  }
}
