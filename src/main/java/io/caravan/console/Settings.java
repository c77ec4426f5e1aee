package io.caravan.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/** The settings in force and where each comes from. Values that may be secrets are masked. */
final class Settings {
  private static final Pattern FROM_ENVIRONMENT = Pattern.compile("\\{\\{env:([A-Za-z0-9_]+)");
  private static final Pattern SECRET =
      Pattern.compile("key|token|secret|password|credential|redis\\.url|proxy");
  private static final Pattern PLAIN = Pattern.compile("[0-9]{1,12}|true|false");
  private static final Pattern SURELY_SECRET =
      Pattern.compile("(key|api-keys|token|secret|password|credentials?)$");
  private static final Pattern USER = Pattern.compile("(://)[^/@\\s]*@");

  /**
   * The query of a URL, or the options of an endpoint such as {@code kafka:topic?saslJaasConfig=…}.
   */
  private static final Pattern QUERY =
      Pattern.compile("(?s)([A-Za-z][A-Za-z0-9+.-]*:[^?\\s]*\\?)\\S.*");

  private static final String MASK = "••••••";

  private Settings() {}

  static List<Map<String, Object>> of(CamelContext context) {
    Properties file = context.getPropertiesComponent().loadProperties(name -> true);
    Properties bundled = bundled();
    List<Map<String, Object>> all = new ArrayList<>();
    for (String name : new TreeSet<>(file.stringPropertyNames())) {
      if (name.startsWith("caravan.")) {
        all.add(setting(context, name, file.getProperty(name), bundled.getProperty(name)));
      }
    }
    return all;
  }

  private static Map<String, Object> setting(
      CamelContext context, String name, String written, String bundled) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", name);
    view.put("value", masked(name, written, resolved(context, name)));
    view.put("from", source(name, written, bundled));
    return view;
  }

  private static String resolved(CamelContext context, String name) {
    try {
      return context.resolvePropertyPlaceholders("{{" + name + ":}}");
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  static String masked(String name, String written, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (PLAIN.matcher(value).matches() && !SURELY_SECRET.matcher(lower).find()) {
      return value;
    }
    boolean secret =
        SECRET.matcher(lower).find()
            || written.toLowerCase(Locale.ROOT).matches(".*env:[a-z0-9_]*(key|token|secret).*");
    if (secret && !value.isEmpty()) {
      return MASK;
    }
    return withoutCredentials(value);
  }

  /** Returns a text whose URIs show neither a user with a password nor a query. */
  static String withoutCredentials(String text) {
    return text == null
        ? null
        : QUERY.matcher(USER.matcher(text).replaceAll("$1" + MASK + "@")).replaceAll("$1" + MASK);
  }

  /** Returns the settings of the class path, where a file of the working directory has none. */
  private static Properties bundled() {
    Properties bundled = new Properties();
    try (InputStream in = Settings.class.getResourceAsStream("/application.properties")) {
      if (in != null) {
        bundled.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bundled;
  }

  private static String source(String name, String written, String bundled) {
    if (System.getProperty(name) != null) {
      return "command line";
    }
    String variable = name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    if (System.getenv(variable) != null) {
      return "environment: " + variable;
    }
    Matcher named = FROM_ENVIRONMENT.matcher(written);
    while (named.find()) {
      if (System.getenv(named.group(1)) != null) {
        return "environment: " + named.group(1);
      }
    }
    return written.equals(bundled) ? "default" : "application.properties";
  }
}
