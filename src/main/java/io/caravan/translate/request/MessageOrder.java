package io.caravan.translate.request;

import io.caravan.json.JsonText;
import io.caravan.provider.Dialect;
import io.caravan.provider.SystemRole;
import io.caravan.translate.request.UpstreamMessage.Part;
import io.caravan.translate.request.UpstreamMessage.User;
import java.util.ArrayList;
import java.util.List;

/** Arranges messages in the order that an upstream's chat template requires. */
final class MessageOrder {
  /** The assistant message between tool and user, for templates that require one. */
  private static final JsonText BRIDGE = JsonText.of("Understood.");

  private static final JsonText GOES_ON = JsonText.of("(The conversation goes on.)");

  private final Dialect dialect;
  private final List<UpstreamMessage> out = new ArrayList<>();

  private MessageOrder(Dialect dialect) {
    this.dialect = dialect;
  }

  static List<UpstreamMessage> arrange(List<UpstreamMessage> messages, Dialect dialect) {
    MessageOrder order = new MessageOrder(dialect);
    messages.forEach(order::add);
    order.needUser();
    return order.out;
  }

  private void add(UpstreamMessage message) {
    UpstreamMessage last = out.isEmpty() ? null : out.get(out.size() - 1);
    if (message instanceof UpstreamMessage.Instructions system
        && dialect.systemRole() == SystemRole.USER) {
      out.add(user(system.text()));
    } else if (message instanceof User user) {
      addUser(user, last);
    } else {
      boolean first = last == null || last instanceof UpstreamMessage.Instructions;
      if (first && dialect.mergeNeighbours() && message instanceof UpstreamMessage.Assistant) {
        out.add(user(GOES_ON));
      }
      out.add(message);
    }
  }

  private void addUser(User user, UpstreamMessage last) {
    if (last instanceof User before && dialect.mergeNeighbours()) {
      List<Part> parts = new ArrayList<>(before.parts());
      parts.addAll(user.parts());
      out.set(out.size() - 1, new User(parts));
      return;
    }
    if (last instanceof UpstreamMessage.Tool && dialect.toolToUserBridge()) {
      out.add(new UpstreamMessage.Assistant(BRIDGE, null, List.of(), false));
    }
    out.add(user);
  }

  /**
   * Adds a user message if there is none: Qwen's template fails with "No user query found in
   * messages."
   */
  private void needUser() {
    if (out.stream().noneMatch(User.class::isInstance)) {
      boolean system = !out.isEmpty() && out.get(0) instanceof UpstreamMessage.Instructions;
      out.add(system ? 1 : 0, user(GOES_ON));
    }
  }

  private static User user(JsonText text) {
    return new User(List.of(new Part.Text(text)));
  }
}
