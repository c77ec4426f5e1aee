package io.caravan.translate.response;

import io.caravan.anthropic.Event;
import io.caravan.translate.request.schema.ArgumentRenamer;
import io.caravan.translate.request.schema.ParameterNames;
import java.util.Map;

/**
 * A tool_use block. It begins with the first member of the arguments, when the name is known to be
 * complete. It ends when something else has begun and the arguments are a whole object with a
 * member. A whole object alone is no end: {@code {}} may stand for arguments that are still to
 * come, and Claude Code runs a call as soon as its block ends.
 */
final class CallSegment extends Segment {
  private final GrowingCall call;
  private final StreamSettings settings;
  private final ReasoningCarrier carrier;
  private final Map<String, String> issued;
  private int sent;

  /** Renames the arguments; null if no parameter has an alias. */
  private ArgumentRenamer renamer;

  /**
   * @param issued receives the name of the call's tool by the call's id
   */
  CallSegment(
      GrowingCall call,
      StreamSettings settings,
      ReasoningCarrier carrier,
      Map<String, String> issued) {
    this.call = call;
    this.settings = settings;
    this.carrier = carrier;
    this.issued = issued;
  }

  GrowingCall call() {
    return call;
  }

  /**
   * Repairs arguments that are no object, if that is harmless; returns whether they are one now.
   */
  boolean repair() {
    return call.repair(sent);
  }

  @Override
  void flush(BlockQueue out) {
    if (call.name == null || !call.hasMembers()) {
      return;
    }
    if (!isStarted()) {
      begin(out);
    }
    send(out, sendable(call.arguments()));
  }

  private void begin(BlockQueue out) {
    String tool = settings.clientToolName(call.name);
    ParameterNames names = settings.parameters().apply(tool);
    renamer = names == null ? null : names.toClient();
    String id = settings.toolIds().apply(call.id);
    issued.put(id, tool);
    carrier.sendBefore(call, id, out);
    out.send(new Event.ToolUseStart(out.start(this), id, tool));
  }

  private void send(BlockQueue out, int end) {
    if (end > sent) {
      String piece = call.arguments().substring(sent, end);
      sent = end;
      sendPiece(out, renamer == null ? piece : renamer.accept(piece));
    }
  }

  private void sendPiece(BlockQueue out, String piece) {
    if (!piece.isEmpty()) {
      out.send(new Event.InputJsonDelta(index(), piece));
    }
  }

  @Override
  boolean isWhole() {
    return call.name != null && call.isComplete() && call.hasMembers();
  }

  /**
   * Ends the block. No arguments are sent as {@code {}}, which clients need (anthropic-java:
   * "Missing input JSON").
   */
  @Override
  void close(BlockQueue out) {
    if (!isStarted()) {
      begin(out);
    }
    send(out, call.arguments().length());
    if (renamer != null) {
      sendPiece(out, renamer.end());
    }
    if (sent == 0) {
      out.send(new Event.InputJsonDelta(index(), "{}"));
    }
    out.send(new Event.BlockStop(index()));
  }
}
