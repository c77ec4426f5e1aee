package io.caravan.markup;

import java.util.ArrayList;
import java.util.List;

/**
 * The tokens that stand, or may come to stand, at one position. An instance is used again for each
 * position.
 */
final class MarkerMatches {
  private final Markers markers;
  private final List<Marker> openings = new ArrayList<>();
  private final List<Marker> closers = new ArrayList<>();
  private boolean unsure;

  MarkerMatches(Markers markers) {
    this.markers = markers;
  }

  /** Decides whether a token would count at this position. */
  @FunctionalInterface
  interface Admission {
    boolean admits(Marker marker);
  }

  /**
   * Looks for tokens at a position.
   *
   * @param last whether the text is complete
   * @return whether there is a token or the beginning of one
   */
  boolean look(CharSequence text, int at, boolean last, Admission admission) {
    clear();
    return lookOn(text, at, last, admission);
  }

  /** Does the same as {@link #look} at the beginning of a message, where more tokens count. */
  boolean lookAtStart(CharSequence text, int at, boolean last, Admission admission) {
    clear();
    for (Marker marker : markers.starts()) {
      int end = MarkupText.after(text, at, marker.text());
      if (end != MarkupText.NO && admission.admits(marker)) {
        note(marker, end, last);
      }
    }
    return lookOn(text, at, last, admission);
  }

  private void clear() {
    openings.clear();
    closers.clear();
    unsure = false;
  }

  private boolean lookOn(CharSequence text, int at, boolean last, Admission admission) {
    char second = at + 1 < text.length() ? text.charAt(at + 1) : 0;
    for (Marker marker : markers.beginningWith(text.charAt(at))) {
      if (second != 0 && marker.text().length() > 1 && marker.text().charAt(1) != second) {
        continue;
      }
      int end = MarkupText.after(text, at, marker.text());
      if (end != MarkupText.NO && admission.admits(marker)) {
        note(marker, end, last);
      }
    }
    return unsure || !openings.isEmpty() || !closers.isEmpty();
  }

  private void note(Marker marker, int end, boolean last) {
    if (end == MarkupText.MORE) {
      unsure |= !last;
    } else if (marker.kind() == Marker.Kind.OPENING) {
      addOpening(marker);
    } else {
      closers.add(marker);
    }
  }

  /** Adds an opening. The longest token wins, and families may share one. */
  private void addOpening(Marker marker) {
    int length = marker.text().length();
    if (!openings.isEmpty() && openings.get(0).text().length() < length) {
      openings.clear();
    }
    if (openings.isEmpty() || openings.get(0).text().length() == length) {
      openings.add(marker);
    }
  }

  /**
   * Returns whether the text ends in the middle of a token, perhaps of a longer one than those
   * found.
   */
  boolean unsure() {
    return unsure;
  }

  /** Returns the length of the openings, which all have the same; 0 if there is none. */
  int openingLength() {
    return openings.isEmpty() ? 0 : openings.get(0).text().length();
  }

  /**
   * Returns the openings. Families share the tags of a call without its wrapper, and differ in the
   * wrapper's end: one of them reads it, at best the one whose markup ended here.
   */
  List<Marker> openings(MarkupFamily after) {
    Marker bare = null;
    for (Marker opening : openings) {
      if (opening.lone() && (bare == null || opening.family() == after)) {
        bare = opening;
      }
    }
    Marker chosen = bare;
    return bare == null
        ? openings
        : openings.stream().filter(opening -> !opening.lone() || opening.equals(chosen)).toList();
  }

  /**
   * Returns the longest closing token, or null. A token of the family whose markup ended here comes
   * first.
   */
  Marker closer(MarkupFamily after) {
    Marker best = null;
    for (Marker closer : closers) {
      if (best == null || rank(closer, after) > rank(best, after)) {
        best = closer;
      }
    }
    return best;
  }

  private static int rank(Marker closer, MarkupFamily after) {
    return closer.text().length() + (closer.family() == after ? 1000 : 0);
  }
}
