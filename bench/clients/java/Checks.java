import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a client's checks, and prints a line for each feature. */
final class Checks {
  static final String URL = System.getenv("ANTHROPIC_BASE_URL");
  static final String MODEL = System.getenv("MODEL");
  static final byte[] IMAGE = image();
  static final String IMAGE_BASE64 = Base64.getEncoder().encodeToString(IMAGE);
  static final String GREETING = "Hello there, whoever you are";
  static final String WEATHER = "It rains in Oslo";
  static final String SEEN = "An image of " + IMAGE.length + " bytes";

  private final Map<String, Check> checks = new LinkedHashMap<>();

  interface Check {
    void run() throws Exception;
  }

  record Weather(String city, int degrees) {}

  static final Weather ANSWER = new Weather("Oslo", 7);

  Checks add(String feature, Check check) {
    checks.put(feature, check);
    return this;
  }

  void run() {
    int failed = 0;
    for (Map.Entry<String, Check> each : checks.entrySet()) {
      try {
        each.getValue().run();
        System.out.println("ok      " + each.getKey());
      } catch (Throwable e) {
        failed++;
        System.out.println("FAILED  " + each.getKey());
        e.printStackTrace(System.out);
      }
    }
    System.exit(failed == 0 ? 0 : 1);
  }

  static void equal(Object found, Object expected) {
    if (!expected.equals(found)) {
      throw new AssertionError(found + ", not " + expected);
    }
  }

  static void contains(String found, String expected) {
    if (found == null || !found.contains(expected)) {
      throw new AssertionError("no " + expected + " in " + found);
    }
  }

  /** A greeting came in more than one piece. */
  static void streamed(List<String> pieces) {
    equal(String.join("", pieces), GREETING);
    if (pieces.size() < 2) {
      throw new AssertionError(pieces);
    }
  }

  private static byte[] image() {
    try {
      return Files.readAllBytes(Path.of(System.getenv("IMAGE")));
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
