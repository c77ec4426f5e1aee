package io.caravan.servertools;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Turns the calls and results that a client replays back into what the model saw when it made them:
 * an assistant message with the calls, and the results behind it. Calls of other tools and results
 * without their call stay as they are.
 */
public final class ServedHistory {
  private static final String CALL = "server_tool_use";

  private final Map<String, ServerTool> byName;
  private final Map<String, ServerTool> byResultType;
  private final List<Message> out = new ArrayList<>();
  private final List<Block> said = new ArrayList<>();
  private final List<Block> results = new ArrayList<>();
  private final Set<String> open = new HashSet<>();

  private ServedHistory(List<ServerTool> tools) {
    byName = tools.stream().collect(Collectors.toMap(tool -> tool.offered().name(), tool -> tool));
    byResultType = tools.stream().collect(Collectors.toMap(ServerTool::resultType, tool -> tool));
  }

  /** Returns the messages as the model saw them; the same list if nothing had to change. */
  public static List<Message> of(List<Message> messages, List<ServerTool> tools) {
    if (messages.stream().noneMatch(ServedHistory::hasCall)) {
      return messages;
    }
    ServedHistory history = new ServedHistory(tools);
    messages.forEach(history::add);
    return List.copyOf(history.out);
  }

  private static boolean hasCall(Message message) {
    return message.role() == Message.Role.ASSISTANT
        && message.content().stream()
            .anyMatch(block -> block instanceof Block.Other other && other.type().equals(CALL));
  }

  private void add(Message message) {
    if (!hasCall(message)) {
      out.add(message);
      return;
    }
    for (Block block : message.content()) {
      if (!(block instanceof Block.Other other) || !served(other)) {
        if (!results.isEmpty()) {
          flush();
        }
        said.add(block);
      }
    }
    flush();
  }

  private boolean served(Block.Other other) {
    boolean call = other.type().equals(CALL);
    if (!call && !byResultType.containsKey(other.type())) {
      return false;
    }
    Map<?, ?> block = (Map<?, ?>) JsonTree.read(other.json());
    return call ? call(block) : result(block, byResultType.get(other.type()));
  }

  private boolean call(Map<?, ?> block) {
    if (!(block.get("id") instanceof String clientId)
        || !(block.get("name") instanceof String name)
        || !byName.containsKey(name)) {
      return false;
    }
    if (!results.isEmpty()) {
      flush();
    }
    String id = ServedCall.id(clientId);
    Object input = block.get("input") == null ? new LinkedHashMap<>() : block.get("input");
    RawJson written = new JsonWriter(128).tree(input).finish();
    said.add(new Block.ToolUse(id, name, written));
    open.add(id);
    return true;
  }

  private boolean result(Map<?, ?> block, ServerTool tool) {
    if (!(block.get("tool_use_id") instanceof String clientId)
        || !open.remove(ServedCall.id(clientId))) {
      return false;
    }
    results.add(ServedResult.forModel(ServedCall.id(clientId), tool, block.get("content")));
    return true;
  }

  private void flush() {
    if (!said.isEmpty()) {
      out.add(new Message(Message.Role.ASSISTANT, List.copyOf(said)));
    }
    if (!results.isEmpty()) {
      out.add(new Message(Message.Role.USER, List.copyOf(results)));
    }
    said.clear();
    results.clear();
  }
}
