package io.caravan.app;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.caravan.translate.error.Secrets;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Shows the differences between the files of a working directory and the bundled ones, for example
 * after an update. Secrets are masked, since people paste the output.
 */
public final class Differences {
  private static final int NONE = 0;
  private static final int SOME = 1;
  private static final int TROUBLE = 2;
  private static final int CONTEXT_LINES = 3;

  private static final Secrets SECRETS = Secrets.of(List.of());
  private static final Pattern SECRET_VALUE =
      Pattern.compile(
          "(?i)((?:keys?|password|secret|token)['\"]?\\s*[:=]\\s*['\"]?)[^\\s'\"{}#][^'\"}]*");
  private static final Pattern USER_OF_URL = Pattern.compile("://[^/@\\s]+@");

  private final Path directory;
  private final ClassLoader bundled;
  private final PrintStream out;

  /**
   * Makes a comparison.
   *
   * @param bundled the class loader of the bundled files
   */
  public Differences(Path directory, ClassLoader bundled, PrintStream out) {
    this.directory = directory;
    this.bundled = bundled;
    this.out = out;
  }

  /**
   * Prints the differences, then lists the files that differ, those that are equal and those
   * without an original.
   *
   * @return the exit code of {@code diff}: 0 if no copy differs from its original, 1 if one does, 2
   *     if there are no originals
   * @throws IOException if a file can't be read
   */
  public int show() throws IOException {
    if (bundled.getResource(OwnFiles.SETTINGS) == null) {
      out.println("There are no bundled files to compare with: this is not the runnable jar");
      return TROUBLE;
    }
    List<String> different = new ArrayList<>();
    List<String> equal = new ArrayList<>();
    List<String> own = new ArrayList<>();
    for (String path : OwnFiles.in(directory)) {
      if (bundled.getResource(path) == null) {
        own.add(path);
      } else {
        (showDifference(path) ? different : equal).add(path);
      }
    }
    show("Different from the bundled files: ", different);
    show("Equal to the bundled files: ", equal);
    show("With no bundled file of that name: ", own);
    return different.isEmpty() ? NONE : SOME;
  }

  private void show(String label, List<String> paths) {
    out.println(label + (paths.isEmpty() ? "none" : String.join(", ", paths)));
  }

  /** Prints the difference of a file and returns whether there is one. */
  private boolean showDifference(String path) throws IOException {
    List<String> before;
    List<String> after;
    try (InputStream original = bundled.getResourceAsStream(path);
        InputStream copy = Files.newInputStream(directory.resolve(path))) {
      if (path.equals(OwnFiles.SETTINGS)) {
        Properties bundledSettings = settings(original);
        Properties ownSettings = settings(copy);
        // The file takes precedence key by key: a key that it leaves out has its bundled value.
        before = lines(bundledSettings, ownSettings.stringPropertyNames());
        after = lines(ownSettings, ownSettings.stringPropertyNames());
      } else {
        before = lines(original);
        after = lines(copy);
      }
    }
    UnifiedDiffUtils.generateUnifiedDiff(
            "bundled/" + path, path, before, DiffUtils.diff(before, after), CONTEXT_LINES)
        .forEach(line -> out.println(mask(line)));
    return !before.equals(after);
  }

  private static List<String> lines(InputStream file) throws IOException {
    return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
  }

  private static Properties settings(InputStream file) throws IOException {
    Properties settings = new Properties();
    settings.load(file);
    return settings;
  }

  private static List<String> lines(Properties settings, Set<String> keys) {
    return keys.stream()
        .sorted()
        .filter(settings::containsKey)
        .map(key -> key + " = " + settings.getProperty(key))
        .toList();
  }

  private static String mask(String line) {
    String masked = SECRET_VALUE.matcher(SECRETS.mask(line)).replaceAll("$1***");
    return USER_OF_URL.matcher(masked).replaceAll("://***@");
  }
}
