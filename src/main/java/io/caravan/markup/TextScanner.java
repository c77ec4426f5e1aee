package io.caravan.markup;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Scans one of the two texts of a message, its content or its reasoning, as it comes. It takes the
 * markup out and passes on the rest. It holds back only text that may still become markup.
 *
 * <p>The held text has two parts: a gap that goes the way of its neighbours (blanks behind markup
 * or at the very beginning, stray tokens), and behind it the text that parsers are reading.
 */
final class TextScanner {
  /** The characters that may stay in the buffer after they were used, before they are removed. */
  private static final int SLACK = 4096;

  /** The largest empty buffer that is kept: a stream may wait long for its next text. */
  private static final int MAX_KEPT = 4 * SLACK;

  /**
   * The most calls without their closing tags that are read at the end of a completion. Each of
   * them is looked for in all of the text that is left.
   */
  private static final int MAX_UNCLOSED = 64;

  /** The most characters of calls that are kept, as a multiple of the limit for one. */
  private static final int MAX_TAKEN = 4;

  private final DeclaredTools tools;
  private final Markers markers;
  private final MarkerMatches matches;
  private final Channel own;
  private final int limit;
  private final MarkupCounts counts;
  private final TextRuns out = new TextRuns();
  private final Set<MarkupFamily> seen = new HashSet<>();
  private final MarkdownContext context = new MarkdownContext();
  private final TentativeCalls tentative = new TentativeCalls();
  private final List<Found> calls = new ArrayList<>();
  private int taken;

  private final StringBuilder held = new StringBuilder();
  private int from;
  private int gapEnd;
  private final List<MarkupParser> parsers = new ArrayList<>();
  private final List<Marker> parsed = new ArrayList<>();
  private Channel channel;
  private boolean off;

  /** True if the model ended the completion by itself. */
  private boolean naturalEnd;

  private int unclosed;

  /** True if any text has gone out. */
  private boolean said;

  /** True until a character comes that isn't blank. */
  private boolean start = true;

  /** True if the gap holds stray tokens. */
  private boolean strays;

  /** The family whose markup ended where the gap begins, or null. */
  private MarkupFamily after;

  /** True if that markup was a call to be made, and not only shown. */
  private boolean afterFirm;

  /** True if that markup went out as text, so that its closing token does, too. */
  private boolean afterSpared;

  /** A call and the family of its markup. */
  record Found(MarkupFamily family, MarkupCall call) {}

  TextScanner(DeclaredTools tools, Markers markers, Channel own, int limit, MarkupCounts counts) {
    this.tools = tools;
    this.markers = markers;
    this.matches = new MarkerMatches(markers);
    this.own = own;
    this.channel = own;
    this.limit = limit;
    this.counts = counts;
  }

  /** Returns whether something is held back. */
  boolean pending() {
    return from < held.length() || !tentative.isEmpty() || !calls.isEmpty();
  }

  /**
   * Returns how much of a new text can go out at once. Nearly always that is all of it.
   *
   * @return the index from which {@link #feed} has to go on
   */
  int quiet(String text) {
    int length = text.length();
    if (off) {
      return length;
    }
    if (start && length > 0 && from == held.length() && !MarkupText.isBlank(text.charAt(0))) {
      start = markers.mayBegin(text.charAt(0)) || markers.mayStart(text.charAt(0));
      said |= !start;
    }
    if (start || after != null || channel != own || pending()) {
      return 0;
    }
    return quietFrom(text, 0);
  }

  private int quietFrom(CharSequence text, int begin) {
    int length = text.length();
    int at = context.takeUntilToken(text, begin, length, markers);
    while (at < length && !matches.look(text, at, false, this::admits)) {
      context.take(text.charAt(at));
      at = context.takeUntilToken(text, at + 1, length, markers);
    }
    return at;
  }

  /** Takes in a new text whose beginning has been found quiet. */
  void feed(String text, int quiet) {
    if (quiet > 0) {
      write(quiet == text.length() ? text : text.substring(0, quiet));
    }
    if (quiet < text.length()) {
      held.append(text, quiet, text.length());
      run(false);
    }
  }

  /** Notes that what comes next stands at the beginning, since the text before it was a thought. */
  void restart() {
    if (parsers.isEmpty() && from == held.length() && tentative.isEmpty()) {
      start = true;
      said = false;
    }
  }

  /** Releases the text that isn't being read as markup already. */
  void settle() {
    if (parsers.isEmpty()) {
      run(true);
      start = true;
    }
  }

  /**
   * Releases all that is held, since nothing more comes. Incomplete markup goes out as text.
   *
   * @param natural whether the model ended the completion by itself, so that its text is whole
   * @param structured whether the upstream sent calls of this message in {@code tool_calls}. Then
   *     an opening with nothing behind it is a leftover of its parser (raullenchai/Rapid-MLX#448).
   */
  void close(boolean structured, boolean natural) {
    naturalEnd = natural;
    if (structured && onlyOpening()) {
      parsers.clear();
      parsed.clear();
      drop(held.length());
    }
    run(true);
    start = true;
    channel = own;
  }

  private boolean onlyOpening() {
    return !parsed.isEmpty()
        && MarkupText.blanks(held, gapEnd + parsed.get(0).text().length()) == held.length();
  }

  /** Releases tentative calls as the text they were. */
  void giveBack() {
    if (!tentative.isEmpty()) {
      String text = tentative.giveBack(calls);
      counts.taken(-text.length());
      out.add(tentative.channel(), text);
      counts.givenUp();
    }
  }

  /** Returns the text that went out since the last call. */
  TextRuns takeRuns() {
    return out.take();
  }

  /** Returns whether there are calls that would be given back if anything followed them. */
  boolean isTentative() {
    return !tentative.isEmpty();
  }

  /** Returns whether the upstream also sent each call that was found. */
  boolean allIn(StructuredCalls structured) {
    return calls.stream().allMatch(found -> structured.has(found.call()));
  }

  /** Returns the calls found, once. Tentative calls are certain now. */
  List<Found> takeCalls() {
    List<Found> all = List.copyOf(calls);
    calls.clear();
    tentative.clear();
    return all;
  }

  private void run(boolean last) {
    boolean goesOn = true;
    while (goesOn) {
      goesOn = off ? flush() : parsers.isEmpty() ? look(last) : parse(last);
    }
    compact();
  }

  private boolean flush() {
    emit(held.length());
    return false;
  }

  // ---- between markup

  /** Looks at the first undecided character. It returns false if it needs more text. */
  private boolean look(boolean last) {
    if (gapEnd == held.length()) {
      return last && endGap();
    }
    char c = held.charAt(gapEnd);
    if (MarkupText.isBlank(c) && (start || after != null || strays)) {
      gapEnd++;
      return true;
    }
    boolean token = markers.mayBegin(c) && (inGap() || !context.inCode());
    boolean atStart = start && markers.mayStart(c);
    boolean found =
        (atStart && matches.lookAtStart(held, gapEnd, last, this::admits))
            || (!atStart && token && matches.look(held, gapEnd, last, this::admits));
    if (!found) {
      pass(last);
      return true;
    }
    if (matches.unsure()) {
      return false;
    }
    Marker closer = matches.closer(after);
    if (closer != null && closer.text().length() > matches.openingLength()) {
      closer(closer);
    } else {
      matches.openings(after).forEach(this::open);
    }
    return true;
  }

  /** Begins to read markup. The family whose markup ended here is asked first. */
  private void open(Marker opening) {
    int place = opening.family() == after ? 0 : parsed.size();
    parsed.add(place, opening);
    parsers.add(place, opening.family().open(opening, tools));
  }

  private boolean inGap() {
    return gapEnd > from || after != null;
  }

  private boolean admits(Marker marker) {
    boolean closes = marker.kind() != Marker.Kind.CLOSER || (after == marker.family() && !strays);
    return closes
        && switch (marker.place()) {
          case ANYWHERE -> inGap() || !context.quoted();
          case BREAK -> inGap() || context.atBreak();
          case START -> start && !strays && after == null;
          case WHOLE -> start && !strays && !said && ownText() && mayGoOn(marker);
          case AGAIN -> seen.contains(marker.family());
        };
  }

  /** Returns whether nothing came before a token but markup of its family. */
  private boolean mayGoOn(Marker marker) {
    return after == null || after == marker.family();
  }

  private boolean ownText() {
    return own == Channel.CONTENT && channel == Channel.CONTENT;
  }

  /**
   * Handles a closing token. Right behind markup it is part of it; elsewhere its neighbours decide.
   */
  private void closer(Marker closer) {
    int end = gapEnd + closer.text().length();
    if (strays || after != closer.family()) {
      strays = true;
      gapEnd = end;
    } else if (afterSpared) {
      emit(end);
    } else {
      drop(end);
    }
  }

  /** Passes ordinary text on, up to the next token, and the gap before it with its neighbours. */
  private void pass(boolean last) {
    // A token at the beginning of a text has leaked, unless prose is glued to it as to a word.
    if (strays && start && !MarkupText.isBlank(held.charAt(gapEnd - 1))) {
      drop(gapEnd);
    } else {
      emit(gapEnd);
    }
    noGap();
    start = false;
    context.take(held.charAt(from));
    int at = context.takeUntilToken(held, from + 1, held.length(), markers);
    while (at < held.length() && !matches.look(held, at, last, this::admits)) {
      context.take(held.charAt(at));
      at = context.takeUntilToken(held, at + 1, held.length(), markers);
    }
    write(held.substring(from, at));
    from = at;
    gapEnd = at;
  }

  private void noGap() {
    after = null;
    afterFirm = false;
    afterSpared = false;
    strays = false;
  }

  /**
   * Ends the message behind a gap. Closing tokens and blanks behind markup belong to the markup.
   */
  private boolean endGap() {
    if (strays || (after != null && !afterSpared)) {
      drop(gapEnd);
    } else {
      emit(gapEnd);
    }
    noGap();
    return false;
  }

  // ---- in markup

  /** Lets the parsers read on. It returns false if they need more text. */
  private boolean parse(boolean last) {
    int length = Math.min(held.length() - gapEnd, limit);
    SubSequence text = new SubSequence(held, gapEnd, length);
    boolean whole = last && gapEnd + length == held.length();
    int reached = 0;
    Iterator<MarkupParser> reading = parsers.iterator();
    Iterator<Marker> openings = parsed.iterator();
    while (reading.hasNext()) {
      MarkupParser parser = reading.next();
      Marker opening = openings.next();
      if (whole && naturalEnd && unclosed < MAX_UNCLOSED) {
        parser.endNaturally();
      }
      int end = parser.read(text, whole);
      if (end > 0) {
        parsers.clear();
        parsed.clear();
        found(parser, opening, gapEnd + end);
        return true;
      }
      if (end == MarkupText.NO) {
        reached = Math.max(reached, Math.max(opening.text().length(), parser.reached()));
        reading.remove();
        openings.remove();
      }
    }
    if (!parsers.isEmpty() && length < limit && !last) {
      return false;
    }
    notFound(parsers.isEmpty() ? reached : length, length == limit);
    return true;
  }

  /** Releases text that turned out not to be markup. */
  private void notFound(int length, boolean tooLong) {
    if (!parsers.isEmpty()) {
      counts.givenUp();
      // The rest lies inside something that was cut off; nothing in there is a call.
      off = tooLong;
    }
    parsers.clear();
    parsed.clear();
    emit(gapEnd + length);
    noGap();
    start = false;
  }

  private void found(MarkupParser parser, Marker opening, int end) {
    unclosed += parser.endsNaturally() ? 1 : 0;
    boolean again = after == opening.family() && afterFirm;
    boolean full = taken + end - from > MAX_TAKEN * limit;
    boolean spared = full || (parser.calls().isEmpty() && parser.channel() == null);
    if (spared) {
      counts.givenUp();
      emit(end);
    } else if (parser.channel() != null) {
      take(end);
      channel = parser.channel();
    } else {
      call(parser.calls(), opening, end, again);
    }
    noGap();
    after = opening.family();
    afterSpared = spared;
    afterFirm = !spared && tentative.isEmpty();
    start = start && !spared;
    seen.add(after);
  }

  private void call(List<MarkupCall> found, Marker opening, int end, boolean again) {
    // A model that thinks of a call does not make it yet. In reasoning a call must be the last
    // thing.
    boolean reasoning = own == Channel.REASONING && channel == Channel.REASONING;
    if (reasoning || (opening.lone() && !again) || !tentative.isEmpty()) {
      tentative.add(calls.size(), found.size(), channel);
    }
    taken += end - from;
    drop(end);
    found.forEach(call -> calls.add(new Found(opening.family(), call)));
  }

  // ---- what goes out and what doesn't

  /** Releases the held text up to a position. */
  private void emit(int to) {
    if (to > from) {
      context.take(held, from, to);
      write(held.substring(from, to));
      from = to;
    }
    gapEnd = from;
  }

  private void write(String text) {
    giveBack();
    said = said || !text.isBlank();
    out.add(channel, text);
  }

  /** Takes the held text out up to a position, as part of markup. A tentative call keeps it. */
  private void drop(int to) {
    tentative.keep(held, from, to);
    take(to);
  }

  /**
   * Takes the held text out for good. A head decides the channel of what follows, even if a call
   * before it is given back.
   */
  private void take(int to) {
    counts.taken(to - from);
    context.newLine();
    from = to;
    gapEnd = to;
    strays = false;
  }

  private void compact() {
    if (from == held.length()) {
      held.setLength(0);
      if (held.capacity() > MAX_KEPT) {
        held.trimToSize();
      }
    } else if (from < SLACK) {
      return;
    } else {
      held.delete(0, from);
    }
    gapEnd -= from;
    from = 0;
  }
}
