// Tests of a file that jest runs after this use the media tools that npm brings.
process.env.MOBLOG_TEST_TOOLS = 'npm'
