package io.caravan.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The machine and the date of the figures, without which they mean nothing. */
final class Machine {
  private Machine() {}

  /** Returns the date, the processor, the memory and the kernel. */
  static String describe() throws IOException {
    String processor = find("/proc/cpuinfo", "model name\\s*: (.*)");
    long memory = Long.parseLong(find("/proc/meminfo", "MemTotal:\\s*(\\d+)")) >> 20;
    return "%s; %d cores of %s, %d GB, Linux %s"
        .formatted(
            LocalDate.now(ZoneId.systemDefault()),
            Runtime.getRuntime().availableProcessors(),
            processor,
            memory,
            System.getProperty("os.version"));
  }

  /** Returns the version of a Java command by its own report, for example 25. */
  static String javaVersion(String java) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(java, "-version").redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    Matcher version = Pattern.compile("version \"(\\d+)").matcher(text);
    return version.find() ? version.group(1) : "unknown";
  }

  private static String find(String file, String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
    return matcher.find() ? matcher.group(1).strip() : "0";
  }
}
