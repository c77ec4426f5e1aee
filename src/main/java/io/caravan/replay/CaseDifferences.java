package io.caravan.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.caravan.record.CaseFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares what was recorded with what the present routes make of it, byte for byte. */
final class CaseDifferences {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CONTEXT_LINES = 2;

  /** The most lines of one difference; a prompt may have thousands. */
  private static final int MOST_LINES = 60;

  private final CaseFile recorded;
  private final CaseFile now;
  private final List<String> lines = new ArrayList<>();

  CaseDifferences(CaseFile recorded, CaseFile now) {
    this.recorded = recorded;
    this.now = now;
  }

  /** Returns the differences as lines for a person; none if all is the same. */
  List<String> describe() {
    compareModels();
    compareCalls();
    compareResponse();
    return lines;
  }

  private void compareModels() {
    List<String> before = recorded.values("model");
    List<String> after = now.values("model");
    if (!before.equals(after)) {
      lines.add("  called then: " + String.join(", ", before));
      lines.add("  called now:  " + String.join(", ", after));
    }
  }

  private void compareCalls() {
    List<CaseFile.Section> before = recorded.all("upstream-request");
    List<CaseFile.Section> after = now.all("upstream-request");
    for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
      compare("the request of call " + (i + 1), before.get(i), after.get(i));
    }
  }

  private void compareResponse() {
    CaseFile.Section before = response(recorded);
    CaseFile.Section after = response(now);
    if (before == null || after == null) {
      return;
    }
    if (!before.title().equals(after.title())) {
      lines.add("  the client got then: " + before.title());
      lines.add("  the client gets now: " + after.title());
    }
    if ("client_gone".equals(recorded.value("outcome"))) {
      // The client left before the end: what it got must be how the whole begins.
      byte[] whole = after.body();
      int length = Math.min(before.body().length, whole.length);
      after = new CaseFile.Section(after.name(), after.words(), Arrays.copyOf(whole, length));
    }
    compare("the response to the client", before, after);
  }

  private static CaseFile.Section response(CaseFile file) {
    return file.sections().stream()
        .filter(section -> List.of("events", "message", "error").contains(section.name()))
        .findFirst()
        .orElse(null);
  }

  private void compare(String what, CaseFile.Section before, CaseFile.Section after) {
    if (Arrays.equals(before.body(), after.body())) {
      return;
    }
    List<String> then = readable(before);
    List<String> today = readable(after);
    if (then.equals(today)) {
      lines.add("  " + what + " is the same JSON in other bytes");
      return;
    }
    List<String> difference =
        UnifiedDiffUtils.generateUnifiedDiff(
            what + ", recorded", what + ", now", then, DiffUtils.diff(then, today), CONTEXT_LINES);
    difference.stream().limit(MOST_LINES).forEach(line -> lines.add("  " + line));
    if (difference.size() > MOST_LINES) {
      lines.add("  … and " + (difference.size() - MOST_LINES) + " further lines");
    }
  }

  /** Returns events a line each, and other JSON with a line for each value. */
  private static List<String> readable(CaseFile.Section section) {
    if (section.name().equals("events")) {
      return section.text().lines().toList();
    }
    try {
      return JSON.readTree(section.text()).toPrettyString().lines().toList();
    } catch (JsonProcessingException e) {
      return section.text().lines().toList();
    }
  }
}
