package io.caravan.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * Chooses the form of the log, which begins before Camel has read its settings: {@code
 * CARAVAN_LOG_FORMAT}, or else {@code caravan.log.format} of the directory's
 * application.properties. The choice is kept in a system property of the same name, for {@link
 * LogSetup}.
 */
public final class LogFormat {
  static final String SETTING = "caravan.log.format";
  private static final String VARIABLE = "CARAVAN_LOG_FORMAT";

  private LogFormat() {}

  /** Sets the system property, unless it is set. A word that is no format is left to the start. */
  public static void choose(Path directory, Map<String, String> environment) {
    if (System.getProperty(SETTING) == null) {
      System.setProperty(SETTING, "json".equals(of(directory, environment)) ? "json" : "text");
    }
  }

  static String of(Path directory, Map<String, String> environment) {
    String set = environment.get(VARIABLE);
    return set == null || set.isBlank() ? inFile(directory) : set.strip();
  }

  private static String inFile(Path directory) {
    Properties settings = new Properties();
    try (InputStream file = Files.newInputStream(directory.resolve("application.properties"))) {
      settings.load(file);
    } catch (IOException | IllegalArgumentException e) {
      // Camel reads the file next, and reports what is wrong with it.
    }
    return settings.getProperty(SETTING, "text").strip();
  }
}
