package io.caravan.markup;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Looks through one of the two texts of a message, its answer or its reasoning, as it comes: takes
 * the markup out and hands on all the rest. What it holds back is only what may still become
 * markup.
 *
 * <p>The text that is held falls in two: a gap, which goes where its neighbours go (blanks behind
 * markup or at the very beginning, stray tokens), and behind it what parsers are reading.
 */
final class TextScanner {
  /** Of the held text this much may be behind what is still needed before it is cut off. */
  private static final int SLACK = 4096;

  /** Calls are kept up to this multiple of what one may be long. */
  private static final int MAX_TAKEN = 4;

  private final DeclaredTools tools;
  private final Markers markers;
  private final MarkerMatches candidates;
  private final Channel own;
  private final int limit;
  private final MarkupCounts counts;
  private final TextRuns out = new TextRuns();
  private final Set<MarkupFamily> seen = new HashSet<>();
  private final MarkdownContext surroundings = new MarkdownContext();
  private final TentativeCalls tentative = new TentativeCalls();
  private final List<Found> calls = new ArrayList<>();
  private int taken;

  private final StringBuilder held = new StringBuilder();
  private int from;
  private int gapEnd;
  private final List<MarkupParser> parsers = new ArrayList<>();
  private final List<Marker> parsed = new ArrayList<>();
  private Channel voice;
  private boolean off;

  /** Nothing but blanks has come yet. */
  private boolean start = true;

  /** The gap holds stray tokens. */
  private boolean strays;

  /** The family whose markup ended where the gap begins, or null. */
  private MarkupFamily after;

  /** Whether that markup was a call to be made, and not only shown. */
  private boolean afterFirm;

  /** Whether that markup went out as text, so that what closes it does too. */
  private boolean afterSpared;

  /** A call and the way in which it was written. */
  record Found(MarkupFamily family, MarkupCall call) {}

  TextScanner(DeclaredTools tools, Markers markers, Channel own, int limit, MarkupCounts counts) {
    this.tools = tools;
    this.markers = markers;
    this.candidates = new MarkerMatches(markers);
    this.own = own;
    this.voice = own;
    this.limit = limit;
    this.counts = counts;
  }

  /** Whether something is held back. */
  boolean pending() {
    return from < held.length() || !tentative.isEmpty() || !calls.isEmpty();
  }

  /**
   * How much of a new text can go out at once: all of it, nearly always.
   *
   * @return where {@link #feed} has to go on
   */
  int quiet(String text) {
    int length = text.length();
    if (off) {
      return length;
    }
    if (start && length > 0 && from == held.length() && !MarkupText.isBlank(text.charAt(0))) {
      start = markers.mayBegin(text.charAt(0));
    }
    if (start || after != null || voice != own || pending()) {
      return 0;
    }
    return quietFrom(text, 0);
  }

  private int quietFrom(CharSequence text, int begin) {
    int length = text.length();
    int at = surroundings.takeUntilToken(text, begin, length, markers);
    while (at < length && !candidates.look(text, at, false, this::admits)) {
      surroundings.take(text.charAt(at));
      at = surroundings.takeUntilToken(text, at + 1, length, markers);
    }
    return at;
  }

  /** Takes in a new text, of which so much has been found quiet. */
  void feed(String text, int quiet) {
    if (quiet > 0) {
      say(quiet == text.length() ? text : text.substring(0, quiet));
    }
    if (quiet < text.length()) {
      held.append(text, quiet, text.length());
      run(false);
    }
  }

  /** Lets go what isn't being read as markup already. */
  void settle() {
    if (parsers.isEmpty()) {
      run(true);
      start = true;
    }
  }

  /**
   * Lets go all that is held: nothing more comes. Markup that isn't complete goes out as text.
   *
   * @param structured whether the upstream sent calls of this message as it should: then an opening
   *     with nothing behind it is what its parser left over (raullenchai/Rapid-MLX#448)
   */
  void close(boolean structured) {
    if (structured && onlyOpening()) {
      parsers.clear();
      parsed.clear();
      drop(held.length());
    }
    run(true);
    start = true;
    voice = own;
  }

  private boolean onlyOpening() {
    return !parsed.isEmpty()
        && MarkupText.blanks(held, gapEnd + parsed.get(0).text().length()) == held.length();
  }

  /** Lets tentative calls go out as the text they were. */
  void giveBack() {
    if (!tentative.isEmpty()) {
      String text = tentative.giveBack(calls);
      counts.taken(-text.length());
      out.add(tentative.voice(), text);
      counts.givenUp();
    }
  }

  /** What went out since the last time. */
  TextRuns takePieces() {
    return out.take();
  }

  /** Whether there are calls that would be given back if anything followed them. */
  boolean isTentative() {
    return !tentative.isEmpty();
  }

  /** Whether the upstream sent each call that was found, too. */
  boolean allIn(StructuredCalls structured) {
    return calls.stream().allMatch(found -> structured.has(found.call()));
  }

  /** The calls found, once; what was tentative is certain now. */
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

  /** Looks at the first character that isn't decided; false where more has to come first. */
  private boolean look(boolean last) {
    if (gapEnd == held.length()) {
      return last && endGap();
    }
    char c = held.charAt(gapEnd);
    if (MarkupText.isBlank(c) && (start || after != null || strays)) {
      gapEnd++;
      return true;
    }
    boolean token = markers.mayBegin(c) && (inGap() || !surroundings.inCode());
    if (!token || !candidates.look(held, gapEnd, last, this::admits)) {
      pass(last);
      return true;
    }
    if (candidates.unsure()) {
      return false;
    }
    if (candidates.openings().isEmpty()) {
      closer(candidates.closer(after));
    } else {
      for (Marker opening : candidates.openings()) {
        parsed.add(opening);
        parsers.add(opening.family().open(opening, tools));
      }
    }
    return true;
  }

  private boolean inGap() {
    return gapEnd > from || after != null;
  }

  private boolean admits(Marker marker) {
    boolean closes = marker.kind() != Marker.Kind.CLOSER || (after == marker.family() && !strays);
    return closes
        && switch (marker.place()) {
          case ANYWHERE -> inGap() || !surroundings.quoted();
          case BREAK -> inGap() || surroundings.atBreak();
          case START -> start && !strays && after == null;
          case AGAIN -> seen.contains(marker.family());
        };
  }

  /** A closing token: right behind markup it is part of it, elsewhere its neighbours decide. */
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

  /** Ordinary text: it goes out up to the next token, and the gap before it where it belongs. */
  private void pass(boolean last) {
    // A token that a text begins with has leaked, unless prose goes on behind it as behind a word.
    if (strays && start && !MarkupText.isBlank(held.charAt(gapEnd - 1))) {
      drop(gapEnd);
    } else {
      emit(gapEnd);
    }
    noGap();
    start = false;
    surroundings.take(held.charAt(from));
    int at = surroundings.takeUntilToken(held, from + 1, held.length(), markers);
    while (at < held.length() && !candidates.look(held, at, last, this::admits)) {
      surroundings.take(held.charAt(at));
      at = surroundings.takeUntilToken(held, at + 1, held.length(), markers);
    }
    say(held.substring(from, at));
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
   * The end of the message behind a gap: what closes markup belongs to it, and blanks behind it.
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

  /** Lets the parsers read on; false where they need more. */
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

  /** What was read is no markup: it goes out as it came. */
  private void notFound(int length, boolean tooLong) {
    if (!parsers.isEmpty()) {
      counts.givenUp();
      // Behind this point lies the inside of something; nothing in there is a call.
      off = tooLong;
    }
    parsers.clear();
    parsed.clear();
    emit(gapEnd + length);
    noGap();
    start = false;
  }

  private void found(MarkupParser parser, Marker opening, int end) {
    boolean again = after == opening.family() && afterFirm;
    boolean full = taken + end - from > MAX_TAKEN * limit;
    boolean spared = full || (parser.calls().isEmpty() && parser.voice() == null);
    if (spared) {
      counts.givenUp();
      emit(end);
    } else if (parser.voice() != null) {
      take(end);
      voice = parser.voice();
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
    // A model that thinks of a call does not make it yet: in reasoning it must be the last thing.
    boolean reasoning = own == Channel.REASONING && voice == Channel.REASONING;
    if (reasoning || (opening.lone() && !again) || !tentative.isEmpty()) {
      tentative.add(calls.size(), found.size(), voice);
    }
    taken += end - from;
    drop(end);
    found.forEach(call -> calls.add(new Found(opening.family(), call)));
  }

  // ---- what goes out and what doesn't

  /** Lets the held text go out up to a position. */
  private void emit(int to) {
    if (to > from) {
      surroundings.take(held, from, to);
      say(held.substring(from, to));
      from = to;
    }
    gapEnd = from;
  }

  private void say(String text) {
    giveBack();
    out.add(voice, text);
  }

  /** Takes the held text out up to a position, as part of markup: of a tentative call, if any. */
  private void drop(int to) {
    tentative.keep(held, from, to);
    take(to);
  }

  /** Takes it out for good. A head says whose text follows, even where a call before it is none. */
  private void take(int to) {
    counts.taken(to - from);
    surroundings.newLine();
    from = to;
    gapEnd = to;
    strays = false;
  }

  private void compact() {
    if (from == held.length()) {
      held.setLength(0);
    } else if (from < SLACK) {
      return;
    } else {
      held.delete(0, from);
    }
    gapEnd -= from;
    from = 0;
  }
}
