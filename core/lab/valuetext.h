#pragma once

#include "lab/figure.h"

#include <string>

/// Numbers as people read them, in the window and in what commands print.
namespace losslab {

/// Thousands separated, a true minus, `decimals` places: "−1,240.5".
std::string groupedNumber(double value, int decimals);
/// "10⁻⁵".
std::string powerOfTen(int exponent);
/// "2.31×10⁻⁵": so many digits after the point; the exponent is greater by `shift`.
std::string scientificNumber(double value, int digits, int shift = 0);

/// Four significant digits, whole numbers as they are: "1,240", "0.001234", "2.310×10⁻⁵", "98.72 %".
std::string figureText(double value, Format format);
/// The same of a published value, without zeros at the end, which the literature does not give: "98.72 %",
/// "1,650–1,750".
std::string publishedText(const Published &published, Format format);

/// "4 s", "3 min 20 s", "1 h 5 min".
std::string durationText(double seconds);

} // namespace losslab
