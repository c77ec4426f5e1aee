package io.caravan.translate.request;

import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rewrites the messages of a request for an upstream that serves the Messages API but knows no
 * system turns between the others (lmstudio-ai/lmstudio-bug-tracker#2204): their text becomes a
 * reminder in the user's turn before them, as in a translated request.
 */
final class SystemTurns {
  private SystemTurns() {}

  /** Returns the messages with system turns as reminders; the same object if there are none. */
  static RawJson fold(RawJson messages) {
    if (!(JsonTree.read(messages) instanceof List<?> turns)
        || turns.stream().noneMatch(SystemTurns::isSystem)) {
      return messages;
    }
    List<Object> folded = new ArrayList<>(turns.size());
    for (Object turn : turns) {
      if (isSystem(turn)) {
        addReminder(folded, (Map<?, ?>) turn);
      } else if (follows(folded, turn)) {
        Map<String, Object> before = lastOf(folded);
        before.put("content", joined(before.get("content"), ((Map<?, ?>) turn).get("content")));
      } else {
        folded.add(turn);
      }
    }
    return new JsonWriter(messages.length() + 128).tree(folded).finish();
  }

  private static boolean isSystem(Object turn) {
    return turn instanceof Map<?, ?> map && "system".equals(map.get("role"));
  }

  private static void addReminder(List<Object> folded, Map<?, ?> turn) {
    List<Object> blocks = new ArrayList<>();
    for (Object block : blocks(turn.get("content"))) {
      if (block instanceof Map<?, ?> text && text.get("text") instanceof String words) {
        Map<String, Object> reminder = new LinkedHashMap<>();
        reminder.put("type", "text");
        reminder.put("text", UserContent.reminder(words));
        if (text.get("cache_control") != null) {
          reminder.put("cache_control", text.get("cache_control"));
        }
        blocks.add(reminder);
      }
    }
    if (blocks.isEmpty()) {
      return;
    }
    Map<String, Object> last = folded.isEmpty() ? null : lastOf(folded);
    if (last != null && "user".equals(last.get("role"))) {
      last.put("content", joined(last.get("content"), blocks));
      return;
    }
    Map<String, Object> user = new LinkedHashMap<>();
    user.put("role", "user");
    user.put("content", blocks);
    folded.add(user);
  }

  /** Returns whether a user's turn follows one that only a reminder has made the last. */
  private static boolean follows(List<Object> folded, Object turn) {
    return !folded.isEmpty()
        && turn instanceof Map<?, ?> map
        && "user".equals(map.get("role"))
        && "user".equals(lastOf(folded).get("role"));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> lastOf(List<Object> folded) {
    return (Map<String, Object>) folded.get(folded.size() - 1);
  }

  private static List<Object> joined(Object before, Object after) {
    List<Object> all = new ArrayList<>(blocks(before));
    all.addAll(blocks(after));
    return all;
  }

  private static List<?> blocks(Object content) {
    if (content instanceof List<?> list) {
      return list;
    }
    return content instanceof String text && !text.isEmpty()
        ? List.of(Map.of("type", "text", "text", text))
        : List.of();
  }
}
