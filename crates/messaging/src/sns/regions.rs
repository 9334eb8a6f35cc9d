//! Regions: what may be published there, and as whom SNS delivers to them (SNS-101, SNS-121).

/// A Region as far as SNS differs there.
#[derive(Clone, Copy, Debug)]
pub struct Region {
    /// Its name, such as `eu-west-1`.
    pub name: &'static str,
    /// Messages published per second to all standard topics of an account (SNS-101).
    pub standard_publish_rate: u64,
    /// Messages published per second to all FIFO topics of an account (SNS-101).
    pub fifo_publish_rate: u64,
    /// As whom SNS delivers there from a default Region; only opt-in Regions have a principal of their own (SNS-121).
    pub principal: &'static str,
}

const fn default(name: &'static str, standard_publish_rate: u64, fifo_publish_rate: u64) -> Region {
    Region { name, standard_publish_rate, fifo_publish_rate, principal: "sns.amazonaws.com" }
}
const fn opt_in(name: &'static str, principal: &'static str) -> Region {
    Region { name, standard_publish_rate: 300, fifo_publish_rate: 3_000, principal }
}

/// The Regions, those with the highest quotas first.
pub const REGIONS: &[Region] = &[
    default("us-east-1", 30_000, 30_000),
    default("us-west-2", 9_000, 9_000),
    default("eu-west-1", 9_000, 9_000),
    default("us-east-2", 1_500, 3_000),
    default("us-west-1", 1_500, 3_000),
    default("ap-south-1", 1_500, 3_000),
    default("ap-northeast-1", 1_500, 3_000),
    default("ap-northeast-2", 1_500, 3_000),
    default("ap-southeast-1", 1_500, 3_000),
    default("ap-southeast-2", 1_500, 3_000),
    default("eu-central-1", 1_500, 3_000),
    default("ap-northeast-3", 300, 3_000),
    default("ca-central-1", 300, 3_000),
    default("eu-north-1", 300, 3_000),
    default("eu-west-2", 300, 3_000),
    default("eu-west-3", 300, 3_000),
    default("sa-east-1", 300, 3_000),
    opt_in("af-south-1", "sns.af-south-1.amazonaws.com"),
    opt_in("ap-east-1", "sns.ap-east-1.amazonaws.com"),
    opt_in("ap-southeast-3", "sns.ap-southeast-3.amazonaws.com"),
    opt_in("eu-central-2", "sns.eu-central-2.amazonaws.com"),
    opt_in("eu-south-1", "sns.eu-south-1.amazonaws.com"),
    opt_in("eu-south-2", "sns.eu-south-2.amazonaws.com"),
    opt_in("il-central-1", "sns.il-central-1.amazonaws.com"),
    opt_in("me-central-1", "sns.me-central-1.amazonaws.com"),
    opt_in("me-south-1", "sns.me-south-1.amazonaws.com"),
];

/// The names, for a choice.
pub(super) const REGION_NAMES: &[&str] = &{
    let mut names = [""; REGIONS.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = REGIONS[place].name;
        place += 1;
    }
    names
};

/// The Region of a name.
pub fn region(name: &str) -> Option<&'static Region> {
    REGIONS.iter().find(|region| region.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arn;
    use crate::sns::quotas;

    #[test]
    fn sns_101_the_quotas_are_those_of_the_region() {
        let rates =
            |name| region(name).map(|region| (region.standard_publish_rate, region.fifo_publish_rate));
        assert_eq!(rates("us-east-1"), Some((30_000, 30_000)));
        assert_eq!(rates("us-west-2"), Some((9_000, 9_000)));
        assert_eq!(rates("eu-central-1"), Some((1_500, 3_000)));
        assert_eq!(rates("eu-south-2"), Some((300, 3_000)));
        let here = (quotas::STANDARD_PUBLISH_RATE.current, quotas::FIFO_ACCOUNT_RATE.current);
        assert_eq!(rates(arn::REGION), Some(here), "the simulated account's Region");
        assert_eq!(rates("eu-west-9"), None);
    }
}
