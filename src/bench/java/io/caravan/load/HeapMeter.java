package io.caravan.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts the live bytes in the heap of another Java process, after a full collection. */
public final class HeapMeter {
  private HeapMeter() {}

  /**
   * Counts the live bytes.
   *
   * @param java the command that runs the process, whose own {@code jcmd} is used
   * @return the bytes, or -1 if that Java has no jcmd
   */
  public static long liveBytes(String java, long pid) throws IOException, InterruptedException {
    Path jcmd = Path.of(java).resolveSibling("jcmd");
    if (!Files.isExecutable(jcmd)) {
      return -1;
    }
    Process process =
        new ProcessBuilder(jcmd.toString(), String.valueOf(pid), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String histogram = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    String total = histogram.substring(Math.max(0, histogram.lastIndexOf("Total"))).strip();
    String[] columns = total.split("\\s+", -1);
    return columns.length < 3 ? -1 : Long.parseLong(columns[2]);
  }
}
