package io.caravan.console;

import io.caravan.record.CaseFile;
import io.caravan.record.KeepRecording;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.util.StringHelper;

/** The recording of a request, where recording is on and recordings are files. */
final class Recorded {
  /** The most characters of a body: a browser has to lay it out. */
  private static final int MOST = 200_000;

  private static final String FILES = "direct:keep-recording";

  private final CamelContext context;

  Recorded(CamelContext context) {
    this.context = context;
  }

  boolean isOn() {
    return Boolean.parseBoolean(
        context.resolvePropertyPlaceholders("{{caravan.record.enabled:false}}"));
  }

  /**
   * Returns where recordings go instead of into files: the component's name alone, since the rest
   * of its URI may have a password. Null for files.
   */
  String elsewhere() {
    String uri = context.resolvePropertyPlaceholders("{{caravan.record.to:" + FILES + "}}");
    return uri.equals(FILES) ? null : StringHelper.before(uri, ":", uri);
  }

  /**
   * Returns the bodies of a request in their order: the client's, for each call what was sent and
   * what came, and the response.
   *
   * @return empty if there is no recording of it, or not yet
   */
  List<Map<String, Object>> of(String id) throws IOException {
    KeepRecording kept = context.getRegistry().findSingleByType(KeepRecording.class);
    byte[] file = kept == null || !isOn() ? null : kept.read(id);
    if (file == null) {
      return List.of();
    }
    List<Map<String, Object>> bodies = new ArrayList<>();
    for (CaseFile.Section section : CaseFile.parse(file).sections()) {
      String text = section.text();
      Map<String, Object> view = new LinkedHashMap<>();
      view.put("name", section.name());
      view.put("title", section.title());
      view.put("text", text.length() > MOST ? text.substring(0, MOST) : text);
      view.put("cut", text.length() > MOST);
      bodies.add(view);
    }
    return bodies;
  }
}
