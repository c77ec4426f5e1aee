package io.caravan.console;

import io.caravan.observe.RequestRecord;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes records as bytes and reads them. Texts are clipped, since clients and upstreams choose
 * some of them: a model's name may have megabytes.
 */
final class RecordBytes {
  private static final int LONGEST = 200;

  private RecordBytes() {}

  static void write(RequestRecord request, DataOutput out) throws IOException {
    text(request.id(), out);
    Instant accepted = request.acceptedAt();
    out.writeLong(accepted.getEpochSecond());
    out.writeInt(accepted.getNano());
    text(request.route(), out);
    RequestRecord.Caller caller = request.caller();
    // Its name comes from the configuration, and decides who may see the request.
    out.writeUTF(caller.key());
    text(caller.session(), out);
    text(caller.agent(), out);
    text(caller.software(), out);
    RequestRecord.Model model = request.model();
    text(model.requested(), out);
    text(model.provider(), out);
    text(model.name(), out);
    text(model.label(), out);
    out.writeInt(request.calls().size());
    for (RequestRecord.Call call : request.calls()) {
      call(call, out);
    }
    out.writeInt(request.ending().status());
    text(request.ending().outcome(), out);
    text(request.ending().reason(), out);
    tokens(request.tokens(), out);
    out.writeBoolean(request.nanodollars() != null);
    out.writeLong(request.nanodollars() == null ? 0 : request.nanodollars());
    out.writeLong(request.firstTokenNanos());
    out.writeLong(request.totalNanos());
    out.writeInt(request.stages().size());
    for (RequestRecord.Stage stage : request.stages()) {
      text(stage.name(), out);
      out.writeLong(stage.startNanos());
      out.writeLong(stage.nanos());
    }
    translation(request.translation(), out);
  }

  static RequestRecord read(DataInput in) throws IOException {
    return new RequestRecord(
        text(in),
        Instant.ofEpochSecond(in.readLong(), in.readInt()),
        text(in),
        new RequestRecord.Caller(in.readUTF(), text(in), text(in), text(in)),
        new RequestRecord.Model(text(in), text(in), text(in), text(in)),
        calls(in),
        new RequestRecord.Ending(in.readInt(), text(in), text(in)),
        tokens(in),
        dollars(in.readBoolean(), in.readLong()),
        in.readLong(),
        in.readLong(),
        stages(in),
        translation(in));
  }

  private static void call(RequestRecord.Call call, DataOutput out) throws IOException {
    text(call.provider(), out);
    text(call.model(), out);
    out.writeBoolean(call.sent());
    out.writeInt(call.status());
    text(call.requestId(), out);
    text(call.outcome(), out);
    text(call.reason(), out);
    out.writeLong(call.startNanos());
    out.writeLong(call.nanos());
  }

  private static List<RequestRecord.Call> calls(DataInput in) throws IOException {
    List<RequestRecord.Call> calls = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      calls.add(
          new RequestRecord.Call(
              text(in),
              text(in),
              in.readBoolean(),
              in.readInt(),
              text(in),
              text(in),
              text(in),
              in.readLong(),
              in.readLong()));
    }
    return calls;
  }

  private static void tokens(RequestRecord.Tokens tokens, DataOutput out) throws IOException {
    out.writeBoolean(tokens != null);
    if (tokens != null) {
      out.writeLong(tokens.input());
      out.writeLong(tokens.output());
      out.writeLong(tokens.cacheRead());
      out.writeLong(tokens.cacheCreation());
      out.writeBoolean(tokens.inputEstimated());
      out.writeBoolean(tokens.outputEstimated());
    }
  }

  private static RequestRecord.Tokens tokens(DataInput in) throws IOException {
    return in.readBoolean()
        ? new RequestRecord.Tokens(
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readBoolean(),
            in.readBoolean())
        : null;
  }

  private static Long dollars(boolean known, long nanodollars) {
    return known ? (Long) nanodollars : null;
  }

  private static List<RequestRecord.Stage> stages(DataInput in) throws IOException {
    List<RequestRecord.Stage> stages = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      stages.add(new RequestRecord.Stage(text(in), in.readLong(), in.readLong()));
    }
    return stages;
  }

  private static void translation(RequestRecord.Translation translation, DataOutput out)
      throws IOException {
    out.writeInt(translation.losses().size());
    for (RequestRecord.Loss loss : translation.losses()) {
      text(loss.where(), out);
      text(loss.what(), out);
      out.writeInt(loss.times());
    }
    counts(translation.recovered(), out);
    out.writeInt(translation.givenUp());
    counts(translation.called(), out);
    out.writeLong(translation.prefixMatched());
    out.writeLong(translation.prefixPrevious());
  }

  private static RequestRecord.Translation translation(DataInput in) throws IOException {
    List<RequestRecord.Loss> losses = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      losses.add(new RequestRecord.Loss(text(in), text(in), in.readInt()));
    }
    return new RequestRecord.Translation(
        losses, counts(in), in.readInt(), counts(in), in.readLong(), in.readLong());
  }

  private static void counts(Map<String, Integer> counts, DataOutput out) throws IOException {
    out.writeInt(counts.size());
    for (Map.Entry<String, Integer> count : counts.entrySet()) {
      text(count.getKey(), out);
      out.writeInt(count.getValue());
    }
  }

  /** Names that were clipped to the same text are one. */
  private static Map<String, Integer> counts(DataInput in) throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      counts.merge(text(in), in.readInt(), Integer::sum);
    }
    return counts;
  }

  private static void text(String text, DataOutput out) throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      out.writeUTF(text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…");
    }
  }

  private static String text(DataInput in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }
}
