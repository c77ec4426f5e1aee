package io.caravan.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/**
 * Adds up the samples of a flight recording, by method and by caller. The samples are of Java code
 * only; the kernel's share of a server is in the processor time and not here.
 */
final class HotMethods {
  private final Map<String, Integer> running = new HashMap<>();
  private final Map<String, Integer> within = new HashMap<>();
  private int samples;

  private HotMethods() {}

  static void print(Path recording, int top, PrintStream out) throws IOException {
    HotMethods methods = new HotMethods();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        methods.add(file.readEvent());
      }
    }
    out.println("\n" + methods.samples + " samples");
    methods.print("running", methods.running, top, out);
    methods.print("within (this or what it calls)", methods.within, top * 2, out);
  }

  private void add(RecordedEvent event) {
    String type = event.getEventType().getName();
    boolean sample = type.equals("jdk.ExecutionSample") || type.equals("jdk.NativeMethodSample");
    if (!sample || event.getStackTrace() == null) {
      return;
    }
    List<RecordedFrame> frames = event.getStackTrace().getFrames();
    if (type.equals("jdk.NativeMethodSample") && waits(frames)) {
      return;
    }
    samples++;
    running.merge(name(frames.get(0).getMethod()), 1, Integer::sum);
    Set<String> seen = new HashSet<>();
    for (RecordedFrame frame : frames) {
      String name = name(frame.getMethod());
      if (seen.add(name)) {
        within.merge(name, 1, Integer::sum);
      }
    }
  }

  /** Returns whether a thread is in a system call that waits, which costs nothing. */
  private static boolean waits(List<RecordedFrame> frames) {
    String name = name(frames.get(0).getMethod());
    return name.contains("poll") || name.contains("accept") || name.contains("wait");
  }

  private static String name(RecordedMethod method) {
    return method.getType().getName() + "." + method.getName();
  }

  private void print(String title, Map<String, Integer> counts, int top, PrintStream out) {
    out.println("\n  %  " + title);
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(top)
        .forEach(
            each ->
                out.printf(
                    Locale.ROOT, "%5.1f  %s%n", 100.0 * each.getValue() / samples, each.getKey()));
  }
}
