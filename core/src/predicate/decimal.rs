//! Exact decimal numbers, as checks compare with them.

use std::cmp::Ordering;
use std::fmt;

/// `mantissa × 10^-scale`, without zeros at the end of the fraction. At most 30 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// So that two of them can be brought to one scale within 128 bits.
const DIGITS: usize = 18;

impl Decimal {
    /// A whole number.
    pub const fn whole(value: i64) -> Self {
        Self { mantissa: value as i128, scale: 0 }
    }

    /// `count × 10^-scale`, for counts up to 10^18 and scales up to 18.
    pub fn units(count: i128, scale: u32) -> Self {
        Self { mantissa: count, scale }.normal()
    }

    /// The least number of `scale` digits after the point that is not below this one, or, not
    /// `inclusive`, is above it.
    #[must_use]
    pub fn up_to_scale(self, scale: u32, inclusive: bool) -> Self {
        let (units, exact) = self.units_below(scale);
        Self::units(if exact && inclusive { units } else { units + 1 }, scale)
    }

    /// The greatest number of `scale` digits after the point that is not above this one, or, not
    /// `inclusive`, is below it.
    #[must_use]
    pub fn down_to_scale(self, scale: u32, inclusive: bool) -> Self {
        let (units, exact) = self.units_below(scale);
        Self::units(if exact && !inclusive { units - 1 } else { units }, scale)
    }

    /// The number without what it has beyond `scale` digits after the point, of a negative scale those
    /// before it.
    #[must_use]
    pub fn truncated(self, scale: i16) -> Self {
        match u32::try_from(scale) {
            Ok(scale) if scale >= self.scale => self,
            Ok(scale) => Self::units(self.mantissa / 10_i128.pow(self.scale - scale), scale),
            // No number here has more digits before the point.
            Err(_) if scale.unsigned_abs() as usize > DIGITS => Self::whole(0),
            Err(_) => {
                let step = 10_i128.pow(u32::from(scale.unsigned_abs()));
                let whole = self.mantissa / 10_i128.pow(self.scale);
                Self { mantissa: whole / step * step, scale: 0 }
            }
        }
    }

    /// How often `10^-scale` fits, and whether nothing is left.
    fn units_below(self, scale: u32) -> (i128, bool) {
        if scale >= self.scale {
            return (self.at(scale), true);
        }
        let step = 10_i128.pow(self.scale - scale);
        (self.mantissa.div_euclid(step), self.mantissa.rem_euclid(step) == 0)
    }

    /// The number that `text` writes: `-1.50`; `None` for exponents and for more than 18 digits on a
    /// side of the point.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let whole = whole.trim_start_matches('0');
        let is_number =
            |text: &str| text.len() <= DIGITS + 1 && text.bytes().all(|b| b.is_ascii_digit());
        let written = digits.bytes().any(|b| b.is_ascii_digit());
        if !written || !is_number(whole) || !is_number(fraction) || fraction.len() > DIGITS {
            return None;
        }
        let mantissa = whole
            .bytes()
            .chain(fraction.bytes())
            .fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
        let mantissa = if negative { -mantissa } else { mantissa };
        Some(Self { mantissa, scale: fraction.len() as u32 })
    }

    /// How many digits it has after the point.
    pub const fn scale(self) -> u32 {
        self.scale
    }

    /// The number itself, if it is whole.
    pub const fn as_whole(self) -> Option<i128> {
        if self.scale == 0 { Some(self.mantissa) } else { None }
    }

    /// The greatest whole number that is not above it.
    pub const fn floor(self) -> i128 {
        self.mantissa.div_euclid(10_i128.pow(self.scale))
    }

    /// `self + other × 10^-scale`, for scales up to 19.
    #[must_use]
    pub fn plus(self, other: i128, scale: u32) -> Self {
        let common = self.scale.max(scale);
        let sum = self.at(common) + other * 10_i128.pow(common - scale);
        Self { mantissa: sum, scale: common }.normal()
    }

    fn at(self, scale: u32) -> i128 {
        self.mantissa * 10_i128.pow(scale - self.scale)
    }

    fn normal(mut self) -> Self {
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        self.at(scale).cmp(&other.at(scale))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = self.scale as usize;
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        if fraction.is_empty() {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{fraction}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn numbers_as_written() {
        for (text, shown) in [
            ("18", "18"),
            ("-0.50", "-0.5"),
            ("007.0", "7"),
            (".5", "0.5"),
            ("+2", "2"),
            ("-0", "0"),
        ] {
            assert_eq!(Decimal::parse(text).unwrap().to_string(), shown, "{text}");
        }
        for text in ["", ".", "-", "1e5", "1.2.3", "12345678901234567890123", "x"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        let number = |text| Decimal::parse(text).unwrap();
        assert!(number("-1.5") < number("-1.49"));
        assert_eq!(number("-1.5").floor(), -2);
        assert_eq!(number("0.5").plus(-5, 1), number("0"));
        assert_eq!(number("10").plus(-5, 3), number("9.995"));
        for (text, scale, expected) in [
            ("99.999", 2, "99.99"),
            ("-0.5", 0, "0"),
            ("1.5", 9, "1.5"),
            ("-1234", -2, "-1200"),
            ("7", -20, "0"),
        ] {
            assert_eq!(number(text).truncated(scale), number(expected), "{text} at {scale}");
        }
    }
}
