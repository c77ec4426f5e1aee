package io.caravan.markup;

import java.util.ArrayList;
import java.util.List;

/** MarkupText that goes out, in its order and by whose it is. */
final class TextRuns {
  private List<Piece> pieces = new ArrayList<>();

  /** A run of text of one voice. */
  record Piece(Channel voice, StringBuilder text) {}

  void add(Channel voice, String text) {
    if (text.isEmpty()) {
      return;
    }
    Piece last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
    if (last == null || last.voice() != voice) {
      last = new Piece(voice, new StringBuilder());
      pieces.add(last);
    }
    last.text().append(text);
  }

  void addAll(TextRuns others) {
    others.pieces.forEach(piece -> add(piece.voice(), piece.text().toString()));
  }

  List<Piece> list() {
    return pieces;
  }

  /** Whether there is more than blanks. */
  boolean says() {
    return pieces.stream()
        .anyMatch(piece -> MarkupText.blanks(piece.text(), 0) < piece.text().length());
  }

  /** All pieces, which are then gone from here. */
  TextRuns take() {
    TextRuns taken = new TextRuns();
    taken.pieces = pieces;
    pieces = new ArrayList<>();
    return taken;
  }
}
