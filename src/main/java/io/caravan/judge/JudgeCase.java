package io.caravan.judge;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.json.Json;
import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The case of one call for a judge, as one JSON object: the call whole, the calls before it in the
 * same turn whole, the user's own words, the user's rules. All else is clipped and named untrusted;
 * results of tools are not shown at all. Nobody can leave a JSON string but by its end, which the
 * writer alone puts.
 */
final class JudgeCase {
  /** The most characters of one text that nobody vouches for, and of an earlier call's argument. */
  private static final int UNTRUSTED = 400;

  private static final int MAX_OTHERS = 12;
  private static final int MAX_EARLIER = 12;

  private final Safeguards safeguards;
  private final UserTexts words;
  private final List<Block.ToolUse> earlier;

  JudgeCase(MessagesRequest request, Safeguards safeguards, boolean subAgent) {
    this.safeguards = safeguards;
    this.words = UserTexts.of(request.messages(), subAgent);
    this.earlier = earlier(request.messages());
  }

  private static List<Block.ToolUse> earlier(List<Message> messages) {
    List<Block.ToolUse> calls = new ArrayList<>();
    for (Message message : messages) {
      if (message.role() == Message.Role.ASSISTANT) {
        for (Block block : message.content()) {
          if (block instanceof Block.ToolUse call) {
            calls.add(call);
          }
        }
      }
    }
    return calls.subList(Math.max(0, calls.size() - MAX_EARLIER), calls.size());
  }

  /**
   * Returns the case of one call.
   *
   * @param before the calls before it in the same turn
   * @param mostWords the most characters of the user's own words; the latest are kept
   */
  String json(ToolCall call, List<ToolCall> before, int mostWords) {
    JsonWriter json = new JsonWriter(2048).beginObject();
    user(json, mostWords);
    json.name("settings_of_the_user").tree(safeguards.forJudge());
    json.beginArray("untrusted_texts");
    List<UserTexts.Other> others = words.others();
    for (UserTexts.Other other :
        others.subList(Math.max(0, others.size() - MAX_OTHERS), others.size())) {
      json.beginObject()
          .field("source", other.source())
          .field("text", ShownText.clipped(other.text(), UNTRUSTED))
          .endObject();
    }
    json.endArray().beginArray("earlier_calls");
    for (Block.ToolUse use : earlier) {
      json.beginObject().field("tool", use.name()).name("input");
      json.tree(
          Json.isObject(use.input())
              ? ShownText.clippedTree(JsonTree.read(use.input()), UNTRUSTED)
              : Map.of());
      json.endObject();
    }
    json.endArray().beginArray("calls_before_it_in_this_turn");
    before.forEach(other -> call(json, other));
    json.endArray().name("call_to_judge");
    call(json, call);
    return ShownText.of(json.endObject().finish().toString());
  }

  private void user(JsonWriter json, int most) {
    List<String> kept = new ArrayList<>();
    int left = most;
    int at = words.user().size();
    while (at > 0 && left > 0) {
      String text = ShownText.clipped(words.user().get(--at), left);
      kept.add(0, text);
      left -= text.length();
    }
    json.field("earlier_words_left_out", (long) at).beginArray("user_wrote");
    kept.forEach(json::value);
    json.endArray();
  }

  private static void call(JsonWriter json, ToolCall call) {
    Map<String, Object> arguments = call.arguments();
    json.beginObject().field("tool", call.name()).name("input");
    if (arguments == null) {
      json.value(call.input());
    } else {
      json.tree(arguments);
    }
    json.endObject();
  }
}
