use microcred_client::MicrocredError;

/// Codes may be appended to `errors.txt`; no line of it ever changes.
#[test]
fn every_error_keeps_its_code() {
    let lines = MicrocredError::ALL.iter().map(|error| format!("{} {}\n", error.code(), error.name()));
    assert_eq!(lines.collect::<String>(), include_str!("errors.txt"));
}

#[test]
fn a_code_leads_back_to_its_error() {
    for error in MicrocredError::ALL {
        assert_eq!(MicrocredError::from_code(error.code()), Some(*error));
    }
    let after_the_last = 6000 + u32::try_from(MicrocredError::ALL.len()).unwrap();
    for code in [0, 5999, after_the_last, u32::MAX] {
        assert_eq!(MicrocredError::from_code(code), None, "{code}");
    }
}
