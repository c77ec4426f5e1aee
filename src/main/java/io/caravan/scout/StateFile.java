package io.caravan.scout;

import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The file in which a run keeps what it has found, so that another one goes on after it was ended
 * in any way. It is replaced as a whole: a reader sees the old one or the new one.
 */
final class StateFile {
  private static final int VERSION = 1;

  private final Path file;
  private final String url;

  /**
   * The findings of a run so far.
   *
   * @param results the results by the models' ids
   * @param calls the times of the calls of its last minute, in milliseconds since 1970
   */
  record State(Map<String, Result> results, List<Long> calls) {}

  /**
   * @param url the base URL of the upstream, of which the results are
   */
  StateFile(Path file, String url) {
    this.file = file;
    this.url = url;
  }

  /**
   * Reads the file.
   *
   * @return an empty state if there is no file
   * @throws IllegalArgumentException if it can't be used; the message has the cure
   */
  State read() throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return new State(Map.of(), List.of());
    }
    try {
      return state(JsonTree.read(new RawJson(bytes, 0, bytes.length)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          file + " can't be read (" + e.getMessage() + "): remove it, or begin anew with --fresh",
          e);
    }
  }

  private State state(Object tree) {
    if (!(tree instanceof Map<?, ?> map) || !(map.get("models") instanceof List<?> models)) {
      throw new IllegalArgumentException("no state of a run");
    }
    if (!url.equals(map.get("url"))) {
      throw new IllegalArgumentException("it is of another server, " + map.get("url"));
    }
    Map<String, Result> results = new LinkedHashMap<>();
    for (Object model : models) {
      Result result = ResultJson.read(model);
      results.put(result.id(), result);
    }
    List<Long> calls = new ArrayList<>();
    if (map.get("calls") instanceof List<?> times) {
      times.forEach(time -> calls.add(Long.valueOf(String.valueOf(time))));
    }
    return new State(results, calls);
  }

  /** Replaces the file. */
  void write(State state) throws IOException {
    JsonWriter json = new JsonWriter(4096).beginObject().field("version", VERSION);
    json.field("url", url).beginArray("models");
    state.results().values().forEach(result -> ResultJson.write(json, result));
    json.endArray().beginArray("calls");
    // As text, since the writer has no numbers in arrays.
    state.calls().forEach(time -> json.value(String.valueOf(time)));
    json.endArray().endObject();
    Path next = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(next, json.finish().toString());
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes the file, since the run has ended. */
  void remove() throws IOException {
    Files.deleteIfExists(file);
  }
}
