//! What the run costs, in words.

use messaging::LogicalId;
use messaging::cost::{AS_OF, Bill, BillLine};

use crate::state::EditorState;
use crate::view::format::format_count;

/// What the run has cost, as a whole or for one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct BillView {
    /// So far in US dollars, such as `0.0042`; all amounts are.
    pub total: String,
    /// In an hour, if it goes on like that.
    pub per_hour: String,
    /// In a month of 730 hours, if it goes on like that.
    pub per_month: String,
    /// By service, or by item for one resource: what, how much of it, and what that cost.
    pub rows: Vec<(String, String, String)>,
    /// What drives it: the resource with its dearest item.
    pub driver: Option<String>,
    /// When the prices were read.
    pub as_of: &'static str,
}

/// The bill of all resources, or of one; nothing while nothing was billed.
pub(crate) fn bill_view(state: &EditorState, of: Option<&LogicalId>) -> Option<BillView> {
    let bill = &state.run.bill;
    let of = match of {
        Some(id) => Some(state.run.roster.component_of(id)?),
        None => None,
    };
    let lines: Vec<&BillLine> =
        bill.lines.iter().filter(|line| of.is_none_or(|of| of == line.component)).collect();
    if lines.is_empty() {
        return None;
    }
    let total = lines.iter().map(|line| line.micro_dollars).sum();
    let rows = match of {
        Some(_) => lines.iter().map(|line| item_row(line)).collect(),
        None => bill
            .by_service()
            .into_iter()
            .map(|(service, amount)| service_row(bill, service, amount))
            .collect(),
    };
    let driver = bill.driver().filter(|_| of.is_none()).and_then(|line| {
        let name = state.run.roster.resource(line.component)?;
        Some(format!("{name}: {}", line.item.what()))
    });
    Some(BillView {
        total: dollars(total),
        per_hour: dollars(bill.per_hour(total)),
        per_month: dollars(bill.per_month(total)),
        rows,
        driver,
        as_of: AS_OF,
    })
}

fn item_row(line: &BillLine) -> (String, String, String) {
    let (unit, scale) = line.item.unit();
    let quantity = line.quantity as f64 / scale as f64;
    let quantity =
        if quantity < 10.0 && scale > 1 { format!("{quantity:.3}") } else { format_count(quantity) };
    // The unit is said once.
    let said = line.item.what().contains(unit);
    let quantity = if said { quantity } else { format!("{quantity} {unit}") };
    (line.item.what().to_owned(), quantity, dollars(line.micro_dollars))
}

fn service_row(bill: &Bill, service: &str, amount: u64) -> (String, String, String) {
    (service.to_owned(), format!("{}/h", dollars(bill.per_hour(amount))), dollars(amount))
}

/// Cents from a dollar on, else as many digits as there are.
fn dollars(micro_dollars: u64) -> String {
    let amount = micro_dollars as f64 / 1e6;
    if micro_dollars >= 1_000_000 || micro_dollars == 0 {
        return format!("{amount:.2}");
    }
    let digits = format!("{amount:.6}");
    digits.trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::dollars;

    #[test]
    fn amounts_have_cents_or_as_many_digits_as_it_takes() {
        let shown = [0, 1, 4_200, 999_999, 1_200_000, 58_430_000].map(dollars);
        assert_eq!(shown, ["0.00", "0.000001", "0.0042", "0.999999", "1.20", "58.43"]);
    }
}
